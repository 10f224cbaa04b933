import { describe, expect, it } from "vitest";
import type { CapturedTable } from "../../../stack/platform";
import { nextPart } from "../../../tools/proof/parts";
import type { Plan } from "../../../tools/verify/compare/plan";

const table = { schema: "public", table: "orders" } as CapturedTable;
const plan = {
  key: ["id"],
  state: {
    columns: [{ name: "id", lakeName: "id" }],
    table: { columns: new Map([["id", { stored: "id", type: "long" }]]) },
  },
} as unknown as Plan;

/** A database with a table of this size, and the bounds that it answers with in turn. */
function database(bytes: number, rows: number, type: string | null, ...bounds: (string | null)[]) {
  const asked: string[] = [];
  const query = async (sql: string) => {
    asked.push(sql);
    if (sql.includes("pg_table_size")) return { rows: [{ bytes, rows, type }] };
    const bound = bounds.shift();
    return { rows: bound ? [{ bound }] : [] };
  };
  return { asked, client: { query } as never };
}

describe("the next part of a table", () => {
  it("is all of one that is small", async () => {
    const { client } = database(1e6, 1_000, "int8");
    expect(await nextPart(client, table, plan, undefined)).toEqual({
      range: undefined,
      rows: 1_000,
      bytes: 1e6,
    });
  });

  it("is a range of one that is large, and the last one has no end", async () => {
    const { client, asked } = database(160e6, 1_000_000, "int8", "100001", null);
    const first = await nextPart(client, table, plan, undefined);
    expect(first).toEqual({
      ...{ range: { column: "id", from: null, below: "100001" }, rows: 100_000, bytes: 16e6 },
    });
    expect(asked[1]).toContain("OFFSET 100000 LIMIT 1");
    expect((await nextPart(client, table, plan, "100001")).range).toEqual({
      ...{ column: "id", from: "100001", below: null },
    });
  });

  it("comes past a value that more rows have than a part takes", async () => {
    const { client, asked } = database(160e6, 1_000_000, "int4", "7", "8");
    expect((await nextPart(client, table, plan, "7")).range?.below).toBe("8");
    expect(asked[2]).toContain('source."id" > 7');
  });

  it("is all of it when no index begins with the key, or the key is no whole number", async () => {
    for (const type of [null, "text", "uuid"]) {
      const { client } = database(160e6, 1_000_000, type);
      expect((await nextPart(client, table, plan, undefined)).range).toBeUndefined();
    }
  });

  it("takes rows for large ones until PostgreSQL has statistics", async () => {
    const { client, asked } = database(160e6, -1, "int8", "2001");
    expect((await nextPart(client, table, plan, undefined)).rows).toBe(2_000);
    expect(asked[1]).toContain("OFFSET 2000 LIMIT 1");
  });

  it("goes on to the end of a table that became small meanwhile", async () => {
    const { client } = database(1e6, 1_000, "int8", null);
    expect((await nextPart(client, table, plan, "5")).range).toEqual({
      column: "id",
      from: "5",
      below: null,
    });
  });
});
