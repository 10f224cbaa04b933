import * as fs from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { newLedger } from "../../../tools/proof/ledger";
import { metricsText } from "../../../tools/proof/metrics";

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook_url: string };
}

const rules: Rule[] = parse(fs.readFileSync("monitoring/alerts.yml", "utf8")).groups.flatMap(
  ({ rules: some }: { rules: Rule[] }) => some,
);

describe.each(rules)("the alert $alert", ({ alert, expr, annotations }) => {
  it("asks for metrics that there are", () => {
    const totals = { rows: 0, bytes: 0, cpuSeconds: 0, residentBytes: 0 };
    const text = metricsText(newLedger("2026-01-01T00:00:00Z"), [], totals);
    const known = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    const named = expr.match(/\b(cdc_\w+|up\b)/g) ?? [];
    expect(named.length).toBeGreaterThan(0);
    for (const name of named) expect(["up", ...known]).toContain(name);
  });

  it("has a page that says what to do", () => {
    const [file = "", anchor] = annotations.runbook_url.split("#");
    const headings = fs.readFileSync(file, "utf8").match(/^#+ .*$/gm) ?? [];
    expect(headings.map((line) => line.replace(/^#+ /, "").toLowerCase())).toContain(anchor);
  });

  it("is made to fire by a test of promtool's", () => {
    const { tests } = parse(fs.readFileSync("monitoring/alerts.test.yml", "utf8"));
    const fires = tests.flatMap(({ alert_rule_test }: { alert_rule_test: object[] }) => alert_rule_test);
    expect(fires).toContainEqual(
      expect.objectContaining({ alertname: alert, exp_alerts: expect.arrayContaining([expect.anything()]) }),
    );
  });
});
