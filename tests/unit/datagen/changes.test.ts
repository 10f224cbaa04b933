import { describe, expect, it } from "vitest";
import { chooseKey } from "../../../tools/datagen/changes/changeable-table";
import { due, waitForNext } from "../../../tools/datagen/changes/pace";
import { type Change, type ChangedColumn, planChanges } from "../../../tools/datagen/changes/plan";
import { statementsFor } from "../../../tools/datagen/changes/statements";
import { valueMaker } from "../../../tools/datagen/changes/values";
import { randomCustomer } from "../../../tools/datagen/customers/customer";
import type { TableColumn } from "../../../tools/datagen/load/table";
import { Random } from "../../../tools/datagen/random";
import type { ChangeMix } from "../../../tools/datagen/request";

const column = (name: string, type: string, more: Partial<TableColumn> = {}): TableColumn => ({
  name,
  type,
  length: undefined,
  notNull: false,
  filled: false,
  always: "no",
  ...more,
});

const columns: ChangedColumn[] = [column("id", "bigint"), column("name", "text"), column("n", "integer")].map(
  (each) => ({ ...each, make: valueMaker(each), updatable: true }),
);

function plan(count: number, rows: number, mix: ChangeMix, seed = 1): Change[] {
  let next = rows + 1;
  const keys = Array.from({ length: rows }, (_, i) => String(i + 1));
  const changes = planChanges(
    { columns, keyColumn: 0, keys, newKey: () => String(next++) },
    mix,
    new Random(seed, "changes"),
  );
  return Array.from({ length: count }, () => changes.next().value);
}

const even = { insert: 1, update: 1, delete: 1 };

describe("the planned changes", () => {
  it("are the same for the same seed and rows, and others for another seed", () => {
    expect(plan(500, 100, even)).toEqual(plan(500, 100, even));
    expect(plan(500, 100, even, 2)).not.toEqual(plan(500, 100, even));
  });

  it("touch only rows that are there, and never use a key again", () => {
    const there = new Set(Array.from({ length: 50 }, (_, i) => String(i + 1)));
    const ever = new Set(there);
    for (const change of plan(5000, 50, even)) {
      if (change.kind === "insert") {
        expect(ever.has(change.key)).toBe(false);
        ever.add(change.key);
        there.add(change.key);
      } else {
        expect(there.has(change.key)).toBe(true);
        if (change.kind === "delete") there.delete(change.key);
      }
    }
  });

  it("keep to the mix", () => {
    const kinds = plan(20_000, 20_000, { insert: 10, update: 80, delete: 10 }).map(({ kind }) => kind);
    const share = (kind: string) => kinds.filter((each) => each === kind).length / kinds.length;
    expect(share("insert")).toBeCloseTo(0.1, 1);
    expect(share("update")).toBeCloseTo(0.8, 1);
    expect(plan(500, 10, { insert: 0, update: 1, delete: 0 }).every(({ kind }) => kind === "update")).toBe(
      true,
    );
  });

  it("insert into an empty table, or stop when the mix has no inserts", () => {
    expect(plan(1, 0, { insert: 1, update: 1, delete: 100 })[0]?.kind).toBe("insert");
    expect(() => plan(4, 3, { insert: 0, update: 0, delete: 1 })).toThrow("No row is left");
  });

  it("never update the key or a column that cannot be set", () => {
    const fixed = columns.map((each, i) => ({ ...each, updatable: i !== 1 }));
    const changes = planChanges(
      { columns: fixed, keyColumn: 0, keys: ["1"], newKey: () => "" },
      { insert: 0, update: 1, delete: 0 },
      new Random(1, "changes"),
    );
    for (let i = 0; i < 50; i++) expect(changes.next().value).toMatchObject({ kind: "update", column: 2 });
  });
});

describe("the statements of a batch", () => {
  const table = { schema: "public", table: "t" };

  it("are one for the inserts, one for the updates and one for the deletes", () => {
    const statements = statementsFor(plan(300, 10_000, even), table, columns, 0);
    expect(statements.map(({ text }) => text.split(" ")[0])).toEqual(["INSERT", "UPDATE", "DELETE"]);
    expect(statements.reduce((sum, { rows }) => sum + rows, 0)).toBe(300);
  });

  it("keep the order of several updates of one row", () => {
    const update = (key: string, value: string): Change => ({ kind: "update", key, column: 1, value });
    const statements = statementsFor(
      [update("1", "a"), update("2", "x"), update("1", "b")],
      table,
      columns,
      0,
    );
    expect(statements.map(({ values }) => values)).toEqual([
      [
        ["1", "2"],
        [1, 1],
        ["a", "x"],
      ],
      [["1"], [1], ["b"]],
    ]);
    expect(statements[0]?.text).toBe(
      'UPDATE "public"."t" AS target SET "name" = CASE WHEN change."of" = 1 THEN change.value::text ELSE target."name" END ' +
        'FROM unnest($1::bigint[], $2::int[], $3::text[]) AS change(key, "of", value) WHERE target."id" = change.key',
    );
  });
});

describe("the pace", () => {
  it("has no drift: what is due depends on the time since the start only", () => {
    expect(due(0, 1000, 10_000)).toBe(0);
    expect(due(290, 100, 1000)).toBe(29);
    expect(due(10_000, 1000, 10_000)).toBe(10_000);
    expect(due(99_999, 1000, 10_000)).toBe(10_000);
    expect(due(0, 0, 10_000)).toBe(10_000);
  });

  it.each([1, 7, 49, 50, 333, 1000, 5000])(
    "at %d per second ends in time, whatever a transaction takes",
    (rate) => {
      const total = rate * 3;
      let now = 0;
      let done = 0;
      for (let rounds = 0; done < total; rounds++) {
        expect(rounds).toBeLessThan(total * 4);
        const size = due(now, rate, total) - done;
        if (size > 0) {
          done += size;
          now += 3 + (rounds % 5);
        } else {
          now += waitForNext(now, done, rate);
        }
      }
      expect(now).toBeGreaterThanOrEqual(3000);
      expect(now).toBeLessThan(3050);
    },
  );

  it("gathers a high rate into some 50 transactions a second", () => {
    expect(waitForNext(100, 500, 5000)).toBeCloseTo(20, 0);
    expect(waitForNext(100, 0, 1)).toBeCloseTo(900, 0);
  });
});

describe("the key of the changes", () => {
  const table = (primaryKey: string[]) => ({
    name: { schema: "public", table: "t" },
    columns: [column("first", "text"), column("id", "bigint")],
    primaryKey,
  });

  it("is -pk, else the primary key, else the first column", () => {
    expect(chooseKey(table(["id"]), "first").name).toBe("first");
    expect(chooseKey(table(["id"]), undefined).name).toBe("id");
    expect(chooseKey(table([]), undefined).name).toBe("first");
    expect(() => chooseKey(table([]), "ID")).toThrow('no column "ID"');
    expect(() => chooseKey(table(["first", "id"]), undefined)).toThrow("several columns");
  });
});

describe("made-up values", () => {
  const random = new Random(1, "changes");
  const make = (type: string, more: Partial<TableColumn> = {}) =>
    valueMaker(column("c", type, more))?.(random, randomCustomer(random, "7"));

  it("fit the column's type and length", () => {
    expect(make("character varying(3)", { length: 3 })).toHaveLength(3);
    expect(Number(make("smallint"))).toBeLessThan(32_768);
    expect(make("uuid")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(make("date")).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(make("point")).toBeUndefined();
  });

  it("are a customer's in a customer's column", () => {
    const customer = randomCustomer(random, "7");
    expect(valueMaker(column("customerCity", "text"))?.(random, customer)).toBe(customer[6]);
  });
});
