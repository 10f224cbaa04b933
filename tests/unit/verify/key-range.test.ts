/** A range of a table's keys: which rows are in it, on either side. */
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Bucket } from "../../../readers/lake/bucket";
import { DataFiles } from "../../../readers/lake/data-files";
import type { DataFile, DeltaTable } from "../../../readers/lake/delta-table";
import { type Lane, literal, Workspace } from "../../../readers/workspace";
import {
  filesInRange,
  isDivisible,
  type KeyRange,
  keysOutside,
  lakeCondition,
  rangeCondition,
} from "../../../tools/verify/compare/key-range";
import type { Side, SideColumn } from "../../../tools/verify/compare/plan";
import { CurrentState } from "../../../tools/verify/lake/current-state";
import { columnForm } from "../../../tools/verify/values/column-form";
import { keyLake, rowText } from "../../../tools/verify/values/row-text";

const EXACT = { converters: "x", "x.type": "cdc.connect.ExactValues" };
const { log, ...form } = columnForm({ name: "int8", kind: "b", elementKind: null, modifier: -1 }, EXACT);
const columns = ["id", "n"].map(
  (name): SideColumn => ({ name, lakeName: name, form: { ...form, log: log as never } }),
);
const FIRST: KeyRange = { column: "id", from: null, below: "10" };
const MIDDLE: KeyRange = { column: "id", from: "10", below: "9007199254740993" };
const LAST: KeyRange = { column: "id", from: "9007199254740993", below: null };

let workspace: Workspace;
let lane: Lane;

beforeAll(async () => {
  workspace = await Workspace.open();
  lane = await workspace.lane();
});
afterAll(() => workspace.close());

const file = (order: number, stats?: object): DataFile => ({
  ...{ order, url: `s3a://lake/t/${order}.parquet`, size: 1, vector: undefined },
  stats: stats && JSON.stringify(stats),
});
const table = (files: DataFile[], type = "long"): DeltaTable => ({
  ...{ url: "s3a://lake/t", version: 1, files, configuration: {} },
  columns: new Map(columns.map(({ name }) => [name, { stored: name, type }])),
});

describe("ranges of one table", () => {
  it("have every row in one of them: without a value, those of the first", async () => {
    const values = ["NULL", "-5", "9", "10", "9007199254740992", "9007199254740993", "9223372036854775807"];
    const inRange = async (range: KeyRange) => {
      const rows = await lane.rows<{ v: bigint | null }>(
        `SELECT v FROM (VALUES ${values.map((value) => `(${value}::BIGINT)`).join(", ")}) AS t(v) WHERE ${lakeCondition(range, "v")}`,
      );
      return rows.map(({ v }) => String(v ?? "NULL"));
    };
    expect(await inRange(FIRST)).toEqual(values.slice(0, 3));
    expect(await inRange(MIDDLE)).toEqual(values.slice(3, 5));
    expect(await inRange(LAST)).toEqual(values.slice(5));
  });

  it("are the same for PostgreSQL, whatever the column is called", () => {
    expect(rangeCondition(undefined, "source")).toBe("true");
    expect(rangeCondition({ ...FIRST, column: 'a "b"' }, "source")).toBe(
      `(source."a ""b""" < 10 OR source."a ""b""" IS NULL)`,
    );
    expect(rangeCondition(LAST, "source")).toBe('source."id" >= 9007199254740993');
    expect(() => rangeCondition({ ...LAST, from: "1; DROP" }, "source")).toThrow();
  });

  it("are those of whole numbers that the lake has all of", () => {
    expect(isDivisible(table([]), "id", "int8")).toBe(true);
    expect(isDivisible(table([], "integer"), "id", "int4")).toBe(true);
    expect(isDivisible(table([], "integer"), "id", "int8")).toBe(false);
    expect(isDivisible(table([], "string"), "id", "text")).toBe(false);
  });
});

describe("files that a range needs", () => {
  const bounds = (low: number, high: number) => ({
    ...{ minValues: { id: low }, maxValues: { id: high }, nullCount: { id: 0 } },
  });
  const needed = (range: KeyRange, ...files: DataFile[]) => [...(filesInRange(files, range, "id") ?? [])];

  it("are those whose bounds touch it, and those that tell none", () => {
    const files = [
      file(0, bounds(0, 5)),
      file(1, bounds(4, 20)),
      file(2, bounds(30, 40)),
      file(3),
      file(4, {}),
    ];
    expect(needed({ column: "id", from: "10", below: "25" }, ...files)).toEqual([1, 3, 4]);
    expect(needed(FIRST, ...files)).toEqual([0, 1, 3, 4]);
    expect(filesInRange(files, undefined, "id")).toBeUndefined();
  });

  it("are one more where JSON rounds a bound", () => {
    expect(needed(LAST, file(0, bounds(1, 9007199254740992)))).toEqual([0]);
    expect(needed(LAST, file(0, bounds(1, 9007199254740990)))).toEqual([]);
  });

  it("for the first one also have rows without a value", () => {
    expect(needed(FIRST, file(0, { ...bounds(50, 60), nullCount: { id: 2 } }))).toEqual([0]);
  });
});

describe("rows of the lake", () => {
  it("are loaded of the range alone, from the files that it needs", async () => {
    const downloaded: string[] = [];
    const bucket = {
      download: async (url: string, to: string) => {
        downloaded.push(path.basename(url));
        fs.copyFileSync(path.join(lane.folder, path.basename(url)), to);
      },
    } as unknown as Bucket;
    for (const [order, from] of [
      [0, 0],
      [1, 100],
    ] as const)
      await lane.run(
        `COPY (SELECT ${from} + range AS id, 1::BIGINT AS n FROM range(100)) TO ${literal(path.join(lane.folder, `${order}.parquet`))} (FORMAT parquet)`,
      );
    const files = [0, 100].map((low, order) =>
      file(order, { minValues: { id: low }, maxValues: { id: low + 99 }, nullCount: { id: 0 } }),
    );
    const side: Side = { table: table(files), columns, problems: [], notes: [] };
    const range: KeyRange = { column: "id", from: "150", below: "160" };
    await new CurrentState(lane, new DataFiles(bucket, lane, side.table), side).load({ key: ["id"], range });
    expect(await lane.row("SELECT count(*) AS rows FROM state_rows")).toEqual({ rows: 10n });
    expect(downloaded).toEqual(["1.parquet"]);
  });

  it("of keys that changed later are left out where they are known to lie outside", async () => {
    const hash = async (id: string) => {
      const { k } = await lane.row<{ k: string }>(
        `SELECT ${keyLake(rowText([literal(id)], "strlen"))}::VARCHAR AS k`,
      );
      return k;
    };
    const texts = `(VALUES ('5', '1', NULL, NULL), ('12', '1', '3', '1'), (NULL, NULL, '11', '1')) AS t(a0, a1, b0, b1)`;
    const outside = keysOutside(MIDDLE, [0], `SELECT * FROM ${texts}`);
    const found = await lane.rows<{ k: string }>(`SELECT k::VARCHAR AS k FROM (${outside}) AS o`);
    expect(new Set(found.map(({ k }) => k))).toEqual(new Set([await hash("5"), await hash("3")]));
  });
});
