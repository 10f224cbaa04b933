import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Bucket } from "../../../readers/lake/bucket";
import { blocks, DataFiles } from "../../../readers/lake/data-files";
import { applyCommit, checkReadable, emptyState } from "../../../readers/lake/delta-actions";
import { DeltaLog, type DeltaTable } from "../../../readers/lake/delta-table";
import { endsIn } from "../../../readers/lake/streaming-query";
import { type Lane, literal, Workspace } from "../../../readers/workspace";
import { tableFacts } from "../../../tools/verify/compare/table-facts";

const TABLE = "s3a://lake/public/t";
const SCHEMA = JSON.stringify({
  type: "struct",
  fields: [{ name: "payload.op", type: "string", metadata: {} }],
});

let workspace: Workspace;
let lane: Lane;
let objects: Map<string, Buffer>;
let bucket: Bucket;
let log: DeltaLog;

beforeAll(async () => {
  workspace = await Workspace.open();
  lane = await workspace.lane();
});
afterAll(() => workspace.close());
beforeEach(() => {
  objects = new Map();
  bucket = {
    list: async (folder: string) =>
      [...objects.keys()].filter((key) => path.dirname(key) === folder).map((key) => path.basename(key)),
    text: async (url: string) => {
      const found = objects.get(url);
      if (!found) throw new Error(`no object ${url}`);
      return found.toString("utf8");
    },
    download: async (url: string, file: string) => fs.writeFileSync(file, objects.get(url) as Buffer),
    part: async (url: string, offset: number, length: number) =>
      (objects.get(url) as Buffer).subarray(offset, offset + length),
  } as unknown as Bucket;
  log = new DeltaLog(bucket, lane, TABLE, "test");
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
    const file = path.join(lane.folder, "made.parquet");
    await lane.run(
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
    [{ metaData: { schemaString: SCHEMA, partitionColumns: ["d"] } }, /partition columns/],
  ])("is refused when its files do not say everything: %o", (action, message) => {
    const state = emptyState();
    applyCommit(state, 0, [...first, action]);
    expect(() => checkReadable(state)).toThrow(message);
  });

  it("finds columns under their mapped names", () => {
    const state = emptyState();
    const metadata = { "delta.columnMapping.physicalName": "col-1" };
    const schemaString = JSON.stringify({
      fields: [{ name: "payload.after.a b", type: "string", metadata }],
    });
    applyCommit(state, 0, [{ metaData: { schemaString } }, { protocol: { minReaderVersion: 2 } }]);
    checkReadable(state);
    expect([...state.columns]).toEqual([["payload.after.a b", { stored: "col-1", type: "string" }]]);
  });
});

describe("data files with deletion vectors", () => {
  it("give the rows that are left, and those of files without one", async () => {
    const files = await Promise.all(
      [5, 3].map(async (rows, order) => {
        const local = path.join(lane.folder, `made-${order}.parquet`);
        await lane.run(
          `COPY (SELECT i AS id FROM range(${rows}) AS r (i)) TO ${literal(local)} (FORMAT parquet)`,
        );
        objects.set(`${TABLE}/${order}`, fs.readFileSync(local));
        return { url: `${TABLE}/${order}`, order, size: 10, vector: undefined };
      }),
    );
    // Rows 1, 5 and 9; only the first is in the file.
    const vector = {
      storageType: "i",
      pathOrInlineDv: "^Bg9^0rr910000000000iXQKl0rr91000625c8Xg0rro62(<@9",
      sizeInBytes: 38,
      cardinality: 3,
    };
    const table: DeltaTable = {
      url: TABLE,
      version: 1,
      files: files.map((file) => (file.order === 0 ? { ...file, vector } : file)),
      columns: new Map([
        ["id", { stored: "id", type: "long" }],
        ["new", { stored: "new", type: "long" }],
      ]),
      configuration: {},
    };
    const found: unknown[] = [];
    await new DataFiles(bucket, lane, table).eachBlock(async ({ from, column, file, row }) => {
      found.push(
        ...(await lane.rows(
          `SELECT ${file} AS file, ${row}::INTEGER AS row, ${column("id")}::INTEGER AS id, ${column("new")} AS new FROM ${from} ORDER BY ALL`,
        )),
      );
    });
    expect(found).toEqual(
      [
        [0, 0],
        [0, 2],
        [0, 3],
        [0, 4],
        [1, 0],
        [1, 1],
        [1, 2],
      ].map(([file, row]) => ({ file, row, id: row, new: null })),
    );
  });
});

describe("what the job says of a table", () => {
  it("is taken from its status, of whatever version it is", () => {
    expect(tableFacts(undefined, "public.a")).toEqual({ resnapshot: false });
    const status = {
      tables: {
        "public.a": {
          setAside: { reason: "row tracking", since: "2026-11-26T20:00:00Z" },
          needsRows: "column b was renamed",
          resnapshot: { id: "1" },
        },
      },
    };
    expect(tableFacts({ status } as never, "public.a")).toEqual({
      problem: undefined,
      needsRows: "column b was renamed",
      setAside: "row tracking (since 2026-11-26T20:00:00Z)",
      resnapshot: true,
    });
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
    const files = sizes.map((size, order) => ({ url: "", order, size, vector: undefined }));
    expect(blocks(files).map((block) => block.length)).toEqual([128, 2, 1, 1]);
  });
});
