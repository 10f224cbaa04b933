import execa from "execa";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import {
  entriesOf,
  exactList,
  exactPattern,
  isExpression,
  lakePath,
  listEntry,
  listedTable,
  listOf,
  literalTable,
  matchesList,
  plainList,
  resnapshotCommand,
  sharing,
  sqlOf,
  tableName,
  topicOf,
} from "../../../../providers/kafka-connect/debezium/table-names";

/** Letters that mean something somewhere, and some that do not. */
const LETTERS = [..."aZ09_- $\\^|?*+()[]{}\"'`~!@#%&=;:<>/İıßé中🦆nsdwbQE"];

/** Names of one to eight such letters; the seed is in the test's title. */
function randomNames(seed: number, count: number): string[] {
  const random = xoroshiro128plus(seed);
  const word = () =>
    Array.from({ length: uniformInt(random, 1, 8) }, () => LETTERS[uniformInt(random, 0, LETTERS.length - 1)])
      .join("")
      .trim() || "x";
  return Array.from({ length: count }, () => `${word()}.${word()}`);
}

const parts = (name: string) => tableName(name) ?? { schema: "", table: "" };

describe("a table's name", () => {
  const seed = 20261126;
  const names = randomNames(seed, 2_000);

  it(`survives a list, plain or exact, whatever its letters (seed ${seed})`, () => {
    for (const name of names) {
      expect(literalTable(listEntry(name)), name).toBe(name);
      expect(literalTable(exactPattern(name)), name).toBe(name);
      expect(listedTable(listEntry(name)), name).toEqual({ name });
      expect(plainList(exactList(listEntry(name))), name).toBe(listEntry(name));
    }
    const list = names.map(listEntry).join(", ");
    expect(plainList(exactList(list))).toBe(plainList(list));
  });

  it(`is matched by its exact pattern, and no other name is (seed ${seed})`, () => {
    names.forEach((name, index) => {
      const pattern = exactPattern(name);
      expect(matchesList(pattern, name), name).toBe(true);
      for (const other of [
        names[(index + 1) % names.length] ?? "",
        `${name}x`,
        name.toUpperCase(),
        name.toLowerCase(),
      ])
        expect(matchesList(pattern, other), `${pattern} and ${other}`).toBe(other === name);
    });
  });

  it(`becomes a topic's name that Kafka takes (seed ${seed})`, () => {
    for (const name of names) expect(topicOf("p", parts(name))).toMatch(/^p\.[A-Za-z0-9._-]+$/);
  });

  it(`has the lake folder that the streaming job gives it (seed ${seed})`, async () => {
    const script =
      "import json, sys; from cdc.source_table import SourceTable as T\n" +
      "print(json.dumps([T(*name.split('.')).path_in('')[1:] for name in json.load(sys.stdin)]))";
    const { stdout } = await execa("python3", ["-c", script], { cwd: "spark", input: JSON.stringify(names) });
    expect(names.map((name) => lakePath(parts(name)))).toEqual(JSON.parse(stdout));
  });

  it("is a topic as Debezium 3.7 names it", () => {
    expect(
      [
        "rw.LİNKS",
        "rw.Sipariş Detayı",
        "rw.Company Inc$Sales Header",
        "rw.Orders (old)",
        "rw.duck🦆",
        "rw.order-lines",
      ].map((name) => topicOf("pfa", parts(name))),
    ).toEqual([
      ...["pfa.rw.L_NKS", "pfa.rw.Sipari__Detay_", "pfa.rw.Company_Inc_Sales_Header", "pfa.rw.Orders__old_"],
      ...["pfa.rw.duck__", "pfa.rw.order-lines"],
    ]);
  });

  it("is quoted in SQL where it has to be", () => {
    expect(["public.links", "rw.LİNKS", 'A.b"c', "rw.1st"].map(sqlOf)).toEqual([
      "public.links",
      'rw."LİNKS"',
      '"A"."b""c"',
      'rw."1st"',
    ]);
  });
});

describe("an entry of the list of tables", () => {
  it.each([
    ["public.links", "public.links"],
    ["public\\.links", "public.links"],
    ["(?-i)public\\.price\\$list", "public.price$list"],
    ["rw.price$list", "rw.price$list"],
  ])("%s names a table", (entry, name) => {
    expect(literalTable(entry)).toBe(name);
    expect(listedTable(entry)).toEqual({ name });
  });

  it.each(["public.*", "public.(a|b)", "public.order_[0-9]", "public.\\w+", "sales", "a.b.c", ".b", "a."])(
    "%s is a pattern, or none, to Debezium's reader",
    (entry) => expect(literalTable(entry)).toBeUndefined(),
  );

  it.each(["public\\..*", "public.(a|b)", "public.order_[0-9]", "public.\\w+", "(?i)public.x", "a.b{2}"])(
    "%s is an expression",
    (entry) => expect(isExpression(entry)).toBe(true),
  );

  it.each([
    "public.links",
    "rw.Orders (old)",
    "rw.price$list",
    "(?-i)rw\\.a\\*b",
    "rw.a\\[1\\]",
    "rw.a-b",
    "sales.eu.x",
  ])("%s is a name", (entry) => expect(isExpression(entry)).toBe(false));

  it("has a comma after a backslash, as Debezium splits lists", () => {
    expect(entriesOf(" a.b{1\\,3} ,c.d,, e.f\\\\,g.h")).toEqual(["a.b{1,3}", "c.d", "e.f\\\\", "g.h"]);
    expect(entriesOf(listOf(["a.b{1,3}", "c.d"]))).toEqual(["a.b{1,3}", "c.d"]);
  });

  it("keeps operators that a name has, where no patterns are taken", () => {
    expect(listedTable("rw.Orders (old)")).toEqual({ name: "rw.Orders (old)" });
    expect(listEntry("rw.Orders (old)")).toBe("rw.Orders \\(old\\)");
  });

  it.each([
    ["public..*", /a comma in its name|schema\.table/],
    ["public.order.", /schema\.table/],
    ["rw.sales.eu", /a table with a dot in its name cannot be captured/],
    ["links", /list each table as schema\.table.*A table with a comma/],
    ["rw.a\\,b", /a comma in its name cannot be captured/],
    ["rw.a\nb", /a line break/],
    [`rw.${"ü".repeat(32)}`, /has 64 bytes, and PostgreSQL keeps 63 of a name: list rw\.ü{31},/],
  ])("%j is refused with the reason", (entry, reason) => {
    expect((listedTable(entry) as { refusal: string }).refusal).toMatch(reason);
  });

  it("has to have a topic and a lake folder of its own", () => {
    expect(sharing("p", ["a.x", "a.y", "A.x"])).toEqual([]);
    expect(sharing("p", ["rw.twin$1", "rw.twin_1"])[0]).toMatch(/come in one topic, p\.rw\.twin_1/);
    expect(sharing("p", ["a_b.c", "a.b_c"])[0]).toMatch(/p\.a_b\.c and p\.a\.b_c, Kafka does not tell apart/);
    expect(sharing("p", ["tables.rw", "rw.t"])[0]).toMatch(
      /^tables\.rw and rw\.t, whose lake folders lie in one another: tables\/rw\/t/,
    );
  });
});

it("matching reads lists as Debezium does: ignoring case unless told otherwise, the whole name", () => {
  expect(matchesList("rw.items", "rw.Items")).toBe(true);
  expect(matchesList("(?-i)rw.items", "rw.Items")).toBe(false);
  expect(matchesList("a.b, rw\\.it.*", "rw.items")).toBe(true);
  expect(matchesList("rw.item", "rw.items")).toBe(false);
  expect(matchesList("(", "rw.items")).toBe(false);
  expect(matchesList("(?-i)rw\\.t\\.a\\x2cb", "rw.t.a,b")).toBe(true);
});

describe("resnapshotCommand", () => {
  it.each([
    ["public.orders", "public.orders"],
    ["rw.Sipariş Detayı", "'rw.Sipariş Detayı'"],
    ["rw.price$list", "'rw.price$list'"],
    ["rw.it's", "'rw.it'\\''s'"],
  ])("is what a shell takes for %s", (table, word) => {
    expect(resnapshotCommand(["rw.plain", table])).toBe(`npm run resnapshot -- rw.plain ${word}`);
  });
});
