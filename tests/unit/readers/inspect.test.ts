import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Bucket, StoredObject } from "../../../readers/lake/bucket";
import { DeltaLog } from "../../../readers/lake/delta-table";
import { type Lane, Workspace } from "../../../readers/workspace";

const TABLE = "s3a://lake/tables/public/t";
const SCHEMA = JSON.stringify({ type: "struct", fields: [{ name: "a", type: "string", metadata: {} }] });

let workspace: Workspace;
let lane: Lane;
let objects: Map<string, StoredObject>;
let commits: Map<string, string>;

beforeAll(async () => {
  workspace = await Workspace.open();
  lane = await workspace.lane();
});
afterAll(() => workspace.close());
beforeEach(() => {
  objects = new Map();
  commits = new Map();
});

function commit(version: number, ...actions: object[]): void {
  const url = `${TABLE}/_delta_log/${String(version).padStart(20, "0")}.json`;
  objects.set(url, { size: 1, modified: new Date(Date.UTC(2026, 0, 1 + version)) });
  commits.set(url, actions.map((action) => JSON.stringify(action)).join("\n"));
}

async function inspected() {
  const bucket = {
    objects: async (folder: string) => new Map([...objects].filter(([url]) => url.startsWith(`${folder}/`))),
    text: async (url: string) => {
      const text = commits.get(url);
      if (text === undefined) throw new Error("no such object");
      return text;
    },
  } as unknown as Bucket;
  return new DeltaLog(bucket, lane, TABLE, "test").inspect();
}

const add = (file: string) => ({ add: { path: file, size: 10, modificationTime: 5 } });
const data = (file: string, size: number) => objects.set(`${TABLE}/${file}`, { size, modified: undefined });

describe("a table inspected", () => {
  beforeEach(() => {
    commit(
      0,
      { metaData: { schemaString: SCHEMA } },
      { protocol: { minReaderVersion: 1 } },
      add("a.parquet"),
    );
    commit(1, add("b.parquet"), { remove: { path: "a.parquet" } });
    data("b.parquet", 10);
  });

  it("is whole when the files of its newest version are there, and says when that was written", async () => {
    expect(await inspected()).toEqual({ version: 1, lastCommit: new Date("2026-01-02"), damage: undefined });
  });

  it.each([
    ["a file that is gone", () => objects.delete(`${TABLE}/b.parquet`), /data file .*b\.parquet is missing/],
    ["a file of another size", () => data("b.parquet", 9), /b\.parquet has 9 bytes instead of 10/],
    [
      "a log that cannot be read",
      () => commits.delete(`${TABLE}/_delta_log/${"0".repeat(20)}.json`),
      /log is damaged/,
    ],
  ])("is damaged by %s", async (_what, damage, said) => {
    damage();
    expect((await inspected())?.damage).toMatch(said);
  });

  it("is nothing where there is no log", async () => {
    objects.clear();
    expect(await inspected()).toBeUndefined();
  });
});
