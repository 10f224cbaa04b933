import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Bucket } from "../../../tools/verify/lake/bucket";
import { applyCommit, checkReadable, emptyState } from "../../../tools/verify/lake/delta-actions";
import { DeltaLog } from "../../../tools/verify/lake/delta-table";
import { blocks } from "../../../tools/verify/lake/events";
import { endsIn } from "../../../tools/verify/lake/streaming-query";
import { literal, Workspace } from "../../../tools/verify/workspace";

const TABLE = "s3a://lake/public/t";
const SCHEMA = JSON.stringify({
  type: "struct",
  fields: [{ name: "payload.op", type: "string", metadata: {} }],
});

let workspace: Workspace;
let objects: Map<string, Buffer>;
let log: DeltaLog;

beforeAll(async () => {
  workspace = await Workspace.open();
});
afterAll(() => workspace.close());
beforeEach(() => {
  objects = new Map();
  const bucket = {
    list: async (folder: string) =>
      [...objects.keys()].filter((key) => path.dirname(key) === folder).map((key) => path.basename(key)),
    text: async (url: string) => {
      const found = objects.get(url);
      if (!found) throw new Error(`no object ${url}`);
      return found.toString("utf8");
    },
    download: async (url: string, file: string) => fs.writeFileSync(file, objects.get(url) as Buffer),
  };
  log = new DeltaLog(bucket as unknown as Bucket, workspace, TABLE);
});

const add = (file: string) => ({ add: { path: file, size: 10, modificationTime: 5 } });
const first = [{ metaData: { schemaString: SCHEMA } }, { protocol: { minReaderVersion: 1 } }];

function commit(version: number, batchId: number | undefined, ...actions: object[]): void {
  const note = batchId === undefined ? {} : { userMetadata: JSON.stringify({ queryId: "q", batchId }) };
  const lines = [{ commitInfo: note }, ...actions].map((action) => JSON.stringify(action));
  objects.set(`${TABLE}/_delta_log/${String(version).padStart(20, "0")}.json`, Buffer.from(lines.join("\n")));
}

const tableAfter = async (batchId: number) => {
  const table = await log.after({ queryId: "q", batchId, ends: new Map() });
  return table && { version: table.version, files: table.files.map(({ url }) => path.basename(url)) };
};

describe("a Delta table after a micro-batch", () => {
  it("has the commits up to it, other programs' after it, and not the query's next one", async () => {
    commit(0, 1, ...first, add("a"));
    commit(1, 4, add("b%20c"));
    commit(2, undefined, add("d"), { remove: { path: "a" } });
    commit(3, 5, add("e"));
    expect(await tableAfter(4)).toEqual({ version: 2, files: ["b c", "d"] });
    expect(await tableAfter(3)).toEqual({ version: 0, files: ["a"] });
    expect(await tableAfter(9)).toEqual({ version: 3, files: ["b c", "d", "e"] });
    expect(await tableAfter(0)).toBeUndefined();
  });

  it("starts from the newest checkpoint before it", async () => {
    const file = path.join(workspace.folder, "made.parquet");
    await workspace.run(
      `COPY (SELECT {path: 'a', size: 1::BIGINT, modificationTime: 3::BIGINT} AS add, NULL::STRUCT(schemaString VARCHAR) AS "metaData",
                    NULL::STRUCT(minReaderVersion INTEGER) AS protocol
             UNION ALL SELECT NULL, {schemaString: ${literal(SCHEMA)}}, NULL
             UNION ALL SELECT NULL, NULL, {minReaderVersion: 1}) TO ${literal(file)} (FORMAT parquet)`,
    );
    objects.set(`${TABLE}/_delta_log/${"10".padStart(20, "0")}.checkpoint.parquet`, fs.readFileSync(file));
    commit(10, 10, add("not read"));
    commit(11, 11, add("b"));
    expect(await tableAfter(11)).toEqual({ version: 11, files: ["a", "b"] });
  });

  it.each([
    [{ protocol: { minReaderVersion: 3, readerFeatures: ["typeWidening"] } }, /reader feature typeWidening/],
    [{ add: { ...add("x").add, deletionVector: { storageType: "u" } } }, /deletion vectors/],
    [{ metaData: { schemaString: SCHEMA, partitionColumns: ["d"] } }, /partition columns/],
  ])("is refused when its files do not say everything: %o", (action, message) => {
    const state = emptyState();
    applyCommit(state, 0, [...first, action]);
    expect(() => checkReadable(TABLE, state)).toThrow(message);
  });

  it("finds columns under their mapped names", () => {
    const state = emptyState();
    const metadata = { "delta.columnMapping.physicalName": "col-1" };
    const schemaString = JSON.stringify({ fields: [{ name: "payload.after.a b", metadata }] });
    applyCommit(state, 0, [{ metaData: { schemaString } }, { protocol: { minReaderVersion: 2 } }]);
    checkReadable(TABLE, state);
    expect([...state.columns]).toEqual([["payload.after.a b", "col-1"]]);
  });
});

describe("the streaming query's checkpoint", () => {
  it("says where each topic was read to", () => {
    const ends = endsIn('v1\n{"batchWatermarkMs":0}\n{"p.public.a":{"0":224,"1":3},"p.public.b":{"0":0}}');
    expect(ends.get("p.public.a")).toEqual(
      new Map([
        [0, 224n],
        [1, 3n],
      ]),
    );
    expect(ends.get("p.public.b")).toEqual(new Map([[0, 0n]]));
  });
});

describe("data files", () => {
  it("are read in blocks, a large one by itself", () => {
    const sizes = [...Array(130).fill(10), 70e6, 10];
    const files = sizes.map((size, order) => ({ url: "", order, size }));
    expect(blocks(files).map((block) => block.length)).toEqual([128, 2, 1, 1]);
  });
});
