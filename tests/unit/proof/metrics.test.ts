import { expect, it } from "vitest";
import { newLedger, withOutcome } from "../../../tools/proof/ledger";
import { metricsText } from "../../../tools/proof/metrics";

const TOTALS = { rows: 7, bytes: 1234.5, cpuSeconds: 1.5, residentBytes: 1e8 };
const at = { at: "2026-01-01T00:00:00.000Z", lsn: "1/10" };
const equal = withOutcome(newLedger(at.at), "public.a", {
  kind: "compared",
  at,
  range: undefined,
  found: null,
});
const all = withOutcome(equal, 'odd"\\\n', {
  ...{ kind: "compared", at, range: undefined, found: { keys: 2, examples: [] } },
});
const text = metricsText(all, ["public.a", 'odd"\\\n', "public.new"], TOTALS);

it("say for each table up to when it is proven, in seconds and bytes of log, and nothing of one that is not", () => {
  expect(text).toContain('cdc_proof_verified_through_timestamp_seconds{table="public.a"} 1767225600\n');
  expect(text).toContain('cdc_proof_verified_through_lsn_bytes{table="public.a"} 4294967312\n');
  expect(text).not.toMatch(/verified_through\w+\{table="(public\.new|odd)/);
});

it("say what differs", () => {
  expect(text).toContain('cdc_proof_differing_keys{table="odd\\"\\\\\\n"} 2\n');
  expect(text).toContain('cdc_proof_different{table="odd\\"\\\\\\n"} 1\n');
  expect(text).toContain('cdc_proof_different{table="public.a"} 0\n');
});

it("are lines of Prometheus' text format: help, type, samples; counters end in _total", () => {
  const lines = text.trimEnd().split("\n");
  for (const line of lines) {
    expect(line).toMatch(
      /^(# HELP \w+ .+|# TYPE \w+ (gauge|counter)|\w+(\{table="([^"\\\n]|\\["\\n])*"\})? -?\d+(\.\d+)?)$/,
    );
  }
  const types = lines.flatMap((line) => [...line.matchAll(/^# TYPE (\w+) (\w+)/g)]);
  for (const [, name, type] of types) expect(name?.endsWith("_total"), name).toBe(type === "counter");
});
