import { describe, expect, it } from "vitest";
import type { DriverState, TableFiles } from "../../../providers/spark-application/driver-state";
import { type LakeStatus, lakeStatus, lakeTables } from "../../../tools/status/lake";
import { standingOf } from "../../../tools/status/standing";

const files = (changes: Partial<TableFiles> = {}): TableFiles => ({
  seenAt: "2026-01-02T03:04:05+00:00",
  version: 1234,
  rows: 50_000,
  files: 7,
  bytes: 1_500_000,
  unusedFiles: 12,
  logFiles: 130,
  removedFiles: 0,
  removedLogFiles: 0,
  vacuumedAt: null,
  ...changes,
});

const driver = (status: object = {}, changes: object = {}): DriverState => ({
  up: true,
  wantedUp: true,
  failures: 0,
  status: {
    state: "running",
    lake: { onSchemaChange: "evolve", deletedRows: "keep", retentionSeconds: 5400 },
    ...status,
  },
  lastRun: null,
  stateAtMaster: "RUNNING",
  deployment: null,
  ...changes,
});

const shown = (lake: LakeStatus, all = false, behind: number | null = null) => {
  const standing = standingOf({ lake, topics: [], files: [], compared: {} });
  return lakeTables({ ...lake, standing, behind, behindSeconds: behind === null ? null : 2.5 }, all);
};

const totals = { changes: 9, written: 5, deleted: 1, skipped: 0, rejected: 0, schemaChanges: [] };

describe("the lake's status", () => {
  it("names the policies with the settings that change them", () => {
    const text = shown(lakeStatus(driver()));
    expect(text).toMatch(/Streaming job .* RUNNING/);
    expect(text).toContain("followed (cdc:onSchemaChange: evolve)");
    expect(text).toContain("kept with true in _deleted (cdc:deletedRows: keep)");
    expect(text).toContain("kept for 90 minutes (cdc:lakeRetention)");
  });

  it("has rows, files and version of each table, and what vacuum did", () => {
    const status = lakeStatus(
      driver({
        tables: { "public.stock": totals },
        files: {
          "tables/public/stock": files({ removedFiles: 3, vacuumedAt: "2026-01-02T03:00:00+00:00" }),
          "changes/public/stock": files({ rows: 1, files: 1, version: 0, unusedFiles: 0 }),
          "changes/public/quiet": files(),
        },
      }),
    );
    expect(status.tables.map(({ table }) => table)).toEqual(["public.quiet", "public.stock"]);
    const text = shown(status);
    expect(text).toMatch(/public\.stock .*50,000 rows, 7 files, 1\.5 MB .*1 row, 1 file/);
    expect(text).toContain("version 1,234");
    expect(text).toContain("3 files removed, last 2026-01-02 03:00:00 UTC");
    expect(text).toContain("12 unused still kept");
    expect(text).toContain("nothing removed yet");
  });

  it("says what went wrong with a table and what changed, each in a line", () => {
    const schemaChanges = [{ at: "2026-01-02T03:04:05+00:00", change: "column city string added" }];
    const status = lakeStatus(
      driver({
        tables: {
          "public.visits": { ...totals, problem: "no key: only its change log is written" },
          "public.stock": { ...totals, rejected: 2, schemaChanges },
        },
        files: { "_dead_letter/public/stock": files({ rows: 1 }) },
      }),
    );
    const lines = shown(status).split("\n");
    expect(lines).toContain("public.visits: no key: only its change log is written");
    expect(lines).toContain("public.stock: 2 changes could not be applied: _dead_letter/public/stock");
    expect(lines).toContain("public.stock: column city string added (2026-01-02 03:04:05 UTC)");
  });

  it("says what the last micro-batch was, and how far and how long the lake is behind", () => {
    const lake = lakeStatus(
      driver({ lastBatch: { batchId: 7, rows: { "public.a": 900, "public.b": 100 }, seconds: 0.75 } }),
    );
    expect(shown(lake, false, 1200)).toMatch(/1,000 rows in 0\.75 s \(micro-batch 7\)/);
    expect(shown(lake, false, 1200)).toContain("1,200 messages, the oldest 2.5 s old");
    expect(shown(lake, false, 0)).toContain("nothing: it has read every message");
  });

  it("says why the job does not run, or that there is none", () => {
    const failed = driver(
      { state: "failed", error: "column city string added: the setting for schema changes is 'fail'" },
      { up: false, wantedUp: true },
    );
    expect(shown(lakeStatus(failed))).toMatch(/RESTARTING: column city string added: the setting/);
    expect(shown(lakeStatus(undefined))).toMatch(/Streaming job .* not installed/);
  });
});

it("of many tables, those with trouble and the first others are shown, and how many more there are", () => {
  const tables = Array.from({ length: 1000 }, (_, index) => ({
    table: `many.t_${index}`,
    totals: null,
    state: null,
    changes: null,
    deadLetters: index === 777 ? 3 : 0,
  }));
  const status = { job: "RUNNING", error: null, policy: null, lastBatch: null, tables };
  const text = shown(status);
  expect(text).toContain("many.t_777");
  expect(text).toContain("many.t_114");
  expect(text).not.toContain("many.t_500");
  expect(text).toContain("and 980 more: npm run status -- --all");
  expect(shown({ ...status, tables: tables.slice(0, 30) }, true)).toContain("many.t_9");
});
