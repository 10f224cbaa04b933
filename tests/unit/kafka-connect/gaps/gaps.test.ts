import { describe, expect, it } from "vitest";
import type { SourceFacts, SourceTable } from "../../../../providers/kafka-connect/database/source-facts";
import { findGaps, type Gap } from "../../../../providers/kafka-connect/gaps/gaps";
import { publicationRepair } from "../../../../providers/kafka-connect/gaps/publication-repair";
import { identityOf, keepingOld } from "../../../../providers/kafka-connect/gaps/source-identity";
import { sourceOf, tableOf } from "../source-facts";

const config = {
  "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
  "plugin.name": "pgoutput",
  "slot.name": "cdc",
  "publication.name": "cdc",
  "table.include.list": "public.links,public.orders",
  "signal.data.collection": "public.signals",
  "skipped.operations": "none",
};
const LISTED = ["public.links", "public.orders"];
const tables = {
  "public.links": tableOf({ oid: 101, member: 901 }),
  "public.orders": tableOf({ oid: 102, member: 902 }),
  "public.signals": tableOf({ oid: 103, member: 903 }),
};
const before = identityOf(sourceOf(tables), LISTED);

const orders = (changes: Partial<SourceTable>): SourceFacts =>
  sourceOf({ ...tables, "public.orders": { ...tables["public.orders"], ...changes } });
const gaps = (facts: SourceFacts, settings: Record<string, string> = {}, position?: number): Gap[] =>
  findGaps({ ...config, ...settings }, before, LISTED, facts, position);

describe("a source that is what was captured", () => {
  it("has no gap", () => {
    expect(gaps(sourceOf(tables))).toEqual([]);
  });

  it("has none either when columns came, went or changed their type", () => {
    const columns = [
      { number: 2, name: "note", type: "varchar(9)", isGenerated: false },
      { number: 3, name: "more", type: "text", isGenerated: false },
    ];
    expect(gaps(orders({ columns }))).toEqual([]);
  });

  it("has none when nobody wrote down what was captured, but for what can be seen without", () => {
    expect(findGaps(config, undefined, LISTED, sourceOf(tables), undefined)).toEqual([]);
    const dropped = orders({ isPublished: false, member: null });
    expect(findGaps(config, undefined, LISTED, dropped, undefined)).toHaveLength(1);
  });

  it("has none in a table that is only being added", () => {
    const facts = orders({ isPublished: false, member: null });
    expect(findGaps(config, before, ["public.links"], facts, undefined)).toEqual([]);
  });
});

describe("a table whose changes may be missing", () => {
  it.each<[string, Partial<SourceTable>, string]>([
    [
      "is not published",
      { isPublished: false, member: null },
      "public.orders is not in publication cdc any more",
    ],
    ["was out of the publication for a while", { member: 999 }, "taken out of publication cdc and put back"],
    ["has a row filter", { filter: "(id < 10)" }, "a row filter on public.orders: WHERE (id < 10)"],
    ["has a column list", { columnList: ["id"] }, "a column list on public.orders: id"],
    ["was dropped and made again", { oid: 200 }, "public.orders was dropped and made again"],
    [
      "has another column under an old name",
      { columns: [{ number: 7, name: "note", type: "text", isGenerated: false }] },
      "note of public.orders is another column than before",
    ],
  ])("%s: its rows are read again", (_what, changes, text) => {
    expect(gaps(orders(changes))).toEqual([
      { cure: "read again", tables: ["public.orders"], text: expect.stringContaining(text) },
    ]);
  });

  it("has changed places with another: both are named, with where the old ones are", () => {
    const swapped = sourceOf(
      { ...tables, "public.links": tables["public.orders"], "public.orders": tables["public.links"] },
      { names: { 101: "public.orders", 102: "public.links" } },
    );
    expect(gaps(swapped).map(({ text }) => text)).toEqual([
      "public.links is another table than before, which is public.orders now",
      "public.orders is another table than before, which is public.links now",
    ]);
  });

  it("does not exist, or no longer says which row changed: that is for a person", () => {
    const { "public.orders": _gone, ...rest } = tables;
    expect(gaps(sourceOf(rest))).toMatchObject([
      { cure: "person", text: "public.orders does not exist any more" },
    ]);
    const full = {
      ...before,
      tables: { "public.orders": { ...before.tables["public.orders"], replicaIdentity: "f" } },
    };
    expect(findGaps(config, full as typeof before, LISTED, sourceOf(tables), undefined)).toMatchObject([
      { cure: "person", text: expect.stringContaining("is DEFAULT, was FULL") },
    ]);
  });
});

describe("a publication that was altered", () => {
  it("is gone: only a new slot can read on", () => {
    const facts = sourceOf(tables, { publication: undefined });
    expect(gaps(facts)).toEqual([{ cure: "start over", tables: LISTED, text: "publication cdc is gone" }]);
    expect(publicationRepair(config, LISTED, facts)).toEqual([]);
  });

  it("was dropped and made again: the slot cannot pass the time without it, which is said once", () => {
    const facts = sourceOf(tables, { publication: { ...sourceOf({}).publication, oid: 51 } as never });
    expect(gaps(facts)).toMatchObject([{ cure: "start over", tables: LISTED }]);
  });

  it("lacks operations, unless the connector skips them", () => {
    const some = { ...sourceOf({}).publication, operations: ["insert", "update", "delete"] } as never;
    const facts = sourceOf(tables, { publication: some });
    expect(gaps(facts)[0]?.text).toBe("publication cdc does not publish truncate");
    expect(gaps(facts, { "skipped.operations": "t" })).toEqual([]);
  });

  it("does not publish partitions as their root, which is mended only where the connector wants that", () => {
    const facts = orders({ kind: "p" });
    expect(gaps(facts)).toMatchObject([
      { cure: "person", text: expect.stringContaining('set "publish.via.partition.root": "true"') },
    ]);
    const settings = { "publish.via.partition.root": "true" };
    expect(gaps(facts, settings)).toMatchObject([{ cure: "read again", tables: ["public.orders"] }]);
    expect(publicationRepair({ ...config, ...settings }, LISTED, facts)).toEqual([
      'ALTER PUBLICATION "cdc" SET (publish_via_partition_root = true)',
    ]);
  });

  it("no longer has the signal table: requests would not arrive", () => {
    const facts = sourceOf({ ...tables, "public.signals": tableOf({ isPublished: false, member: null }) });
    expect(gaps(facts)).toMatchObject([{ cure: "publication", tables: [] }]);
    expect(publicationRepair(config, LISTED, facts)).toEqual([
      'ALTER PUBLICATION "cdc" ADD TABLE "public"."signals"',
    ]);
  });

  it("gets back what it lacks, whole tables instead of filtered ones, and every operation", () => {
    const facts = sourceOf(
      {
        ...tables,
        "public.links": tableOf({ filter: "(id < 10)" }),
        "public.orders": tableOf({ isPublished: false, member: null }),
      },
      { publication: { ...sourceOf({}).publication, operations: ["insert"] } as never },
    );
    expect(publicationRepair(config, LISTED, facts)).toEqual([
      `ALTER PUBLICATION "cdc" SET (publish = 'insert, update, delete, truncate')`,
      'ALTER PUBLICATION "cdc" DROP TABLE "public"."links"',
      'ALTER PUBLICATION "cdc" ADD TABLE "public"."links"',
      'ALTER PUBLICATION "cdc" ADD TABLE "public"."orders"',
    ]);
  });

  it("is left alone when somebody else made it: a filter in it may be meant", () => {
    const own = { "publication.autocreate.mode": "disabled" };
    expect(gaps(orders({ filter: "(id < 10)" }), own)).toEqual([]);
    const missing = orders({ isPublished: false, member: null });
    expect(gaps(missing, own)).toMatchObject([{ cure: "person" }]);
    expect(publicationRepair({ ...config, ...own }, LISTED, missing)).toEqual([]);
  });
});

describe("a server that is not the one of before", () => {
  it.each<[string, Partial<SourceFacts>, string]>([
    ["another", { server: { systemIdentifier: "8", timeline: 1 } }, "system identifier 8, was 7712"],
    ["restored or promoted", { server: { systemIdentifier: "7712", timeline: 2 } }, "timeline 2, was 1"],
    ["without the slot", { slot: undefined }, "replication slot cdc is gone"],
    [
      "with a slot given up",
      { slot: { walStatus: "lost", reason: "wal_removed" } },
      "gave up replication slot cdc (wal_removed)",
    ],
  ])("%s: everything begins at the beginning", (_what, changes, text) => {
    expect(gaps(sourceOf(tables, changes))).toEqual([
      { cure: "start over", tables: LISTED, text: expect.stringContaining(text) },
    ]);
  });

  it("has a log that ends before what was read: it was restored from a copy", () => {
    expect(gaps(sourceOf(tables), {}, 1_001)[0]?.text).toContain("restored from a copy");
    expect(gaps(sourceOf(tables), {}, 1_000)).toEqual([]);
  });

  it("cannot be told when the role may not ask", () => {
    expect(gaps(sourceOf(tables, { server: undefined }))).toEqual([]);
  });
});

describe("what is written down of a source", () => {
  it("stays as it was for tables whose rows are not complete", () => {
    const now = identityOf(orders({ oid: 200 }), LISTED);
    expect(keepingOld(now, before, ["public.orders"]).tables["public.orders"]?.oid).toBe(102);
    expect(keepingOld(now, before, []).tables["public.orders"]?.oid).toBe(200);
  });
});
