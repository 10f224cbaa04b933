import * as fs from "node:fs";
import { describe, expect, it } from "vitest";
import type { TableFiles } from "../../../providers/spark-application/driver-state";
import { inShort } from "../../../tools/status/pipelines";
import { report, reportOf } from "../../../tools/status/report";
import { standingOf } from "../../../tools/status/standing";
import type { Status } from "../../../tools/status/status";
import { fieldsOf } from "./report-document";

/** `WRITE_DOCS=1` writes the table instead of comparing it. */
const DOCUMENT = "docs/status.md";
const FIELDS = /\| Field \|[\s\S]*?(?=\n\n|\n$)/;

const files = { rows: 5, files: 2, bytes: 900 } as TableFiles;
const table = (name: string) => ({ table: name, totals: null, state: files, changes: null, deadLetters: 0 });
const topic = (name: string, end: number | null, behind: number | null, behindSeconds: number | null) => ({
  ...{ topic: `dbserver2.${name}`, table: name, end, behind, behindSeconds },
});
const looked = (name: string, damage: string | null) => ({
  table: name,
  lastCommit: "2026-01-01T00:00:00.000Z",
  damage,
});

const status: Status = {
  ...{ stack: "dev", at: "2026-01-01T00:00:01.000Z", overview: "NOT WELL: one alarm, below." },
  services: [
    {
      ...{ service: "kafka", container: "kafka", state: "running", health: "healthy", restarts: 1 },
      ...{ memory: { used: 1, limit: 2 }, disks: [{ path: "/data", size: 10, free: 5 }], published: [] },
    },
  ],
  position: {
    ...{ status: "connector RUNNING, task 0 RUNNING", offsets: [], lsn: "0/1", snapshot: [], gaps: [] },
    ...{ notReadAgain: [], notCapturedYet: [], notLookedAt: [] },
    slot: {
      name: "s",
      isRead: true,
      confirmedLsn: "0/1",
      lagBytes: 0,
      retainedBytes: 1,
      walStatus: "reserved",
    },
  },
  lake: {
    ...{ job: "RUNNING", error: null, policy: null, lastBatch: { id: 3, rows: 10, seconds: 0.5 } },
    tables: ["public.a", "public.b", "public.c", "public.d"].map(table),
  },
  topics: [
    topic("public.a", 10, 0, null),
    topic("public.b", 20, 7, 1.5),
    topic("public.c", 5, 2, 4),
    topic("public.d", 5, 0, null),
  ],
  files: [looked("public.a", null), looked("public.c", "data file x is missing")],
  compared: {
    "public.b": { at: "2026-01-01T00:00:00.000Z", lsn: "0/1", equal: false, found: "current state: 1 key" },
  },
  proof: {
    ...{ round: 2, lastRoundSeconds: 60, stalled: null },
    tables: [
      {
        ...{ table: "public.a", verifiedThrough: null, notProven: null },
        finding: {
          ...{ since: { at: "2026-01-01T00:00:00.000Z", lsn: "0/1" }, equalAt: null, keys: 1 },
          examples: ["id 3: missing in the lake"],
        },
      },
    ],
  },
  ...{
    clocks: [{ service: "postgresql", container: "postgresql", ahead: 0.1 }],
    alarms: ["one"],
    notReached: [],
  },
};

describe("status as JSON", () => {
  it("has the documented form, with a part that does not answer, too", () => {
    expect(report.parse(JSON.parse(JSON.stringify(reportOf(status, []))))).toMatchObject({
      well: false,
      version: 1,
    });
    const { position: _position, ...silent } = status;
    const lake = { job: "not running", error: "it is down", policy: null, lastBatch: null, tables: [] };
    const unreached = { ...silent, lake, topics: [], files: [], services: [] };
    const bare = reportOf({ ...unreached, notReached: [{ part: "x", reason: "y" }] }, []);
    expect(report.parse(bare)).toMatchObject({ connector: null, job: { behind: null, behindSeconds: null } });
  });

  it("has the other pipelines in short, with what is not well in them alone", () => {
    const well = { ...status, alarms: [], notReached: [] };
    const shop = { ...well, pipeline: "shop", overview: "NOT WELL", alarms: ["a disk is full", "it lags"] };
    const own = { ...well, alarms: ["a disk is full"] };
    expect(report.parse(reportOf(well, inShort(own, [shop])))).toMatchObject({
      ...{ pipeline: null, well: false },
      pipelines: [
        { pipeline: "shop", well: false, overview: "NOT WELL", alarms: ["it lags"], notReached: [] },
      ],
    });
    expect(reportOf(well, []).well).toBe(true);
  });

  it("says how far and how long the lake is behind, over all topics; nothing where one is not known", () => {
    expect(reportOf(status, []).job).toMatchObject({ behind: 9, behindSeconds: 4 });
    const unknown = { ...status, topics: [...status.topics, topic("public.e", 3, null, null)] };
    expect(reportOf(unknown, []).job.behind).toBeNull();
  });

  it("is what docs/status.md says", () => {
    const document = fs.readFileSync(DOCUMENT, "utf8");
    const fields = fieldsOf(report);
    if (process.env.WRITE_DOCS)
      fs.writeFileSync(
        DOCUMENT,
        document.replace(FIELDS, () => fields),
      );
    else expect(FIELDS.exec(document)?.[0], "WRITE_DOCS=1 writes it").toBe(fields);
  });
});

describe("tables", () => {
  it("come with what is wrong with them, the worst first, then by name", () => {
    const standing = standingOf(status).map(({ table: name, trouble }) => [name, trouble]);
    expect(standing).toEqual([
      ["public.c", "data file x is missing"],
      ["public.a", "it is not the source's, as the continuous proof found"],
      ["public.b", "it is not the source's: current state: 1 key"],
      ["public.d", null],
    ]);
  });

  it("are there before the job knows them, and without a topic that is gone", () => {
    const lost = { ...status, topics: [topic("public.new", null, null, null)] };
    expect(standingOf(lost)[0]).toMatchObject({
      table: "public.new",
      trouble: "its topic is gone",
      state: null,
    });
  });
});
