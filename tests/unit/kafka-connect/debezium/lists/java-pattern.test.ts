import * as fs from "node:fs";
import { expect, it } from "vitest";
import { javaPattern } from "../../../../../providers/kafka-connect/debezium/lists/java-pattern";

/**
 * Random patterns, each with names that `java.util.regex` (17, CASE_INSENSITIVE, `matches()`) matches, and some that it does not.
 */
const seen: [pattern: string, matched: string[], others: string[]][] = JSON.parse(
  fs.readFileSync(`${__dirname}/java-patterns.json`, "utf8"),
);

it(`${seen.length} patterns match what they match in Java, and nothing else`, () => {
  for (const [pattern, matched, others] of seen) {
    for (const name of matched) expect(javaPattern(pattern).test(name), `${pattern} ${name}`).toBe(true);
    for (const name of others) expect(javaPattern(pattern).test(name), `${pattern} ${name}`).toBe(false);
  }
});

it("case counts only for other letters than ASCII's, and after (?-i)", () => {
  expect(javaPattern("public\\.[a-c]x.*").test("PUBLIC.BX1")).toBe(true);
  expect(javaPattern("(?-i)public\\.[a-c]x.*").test("public.BX1")).toBe(false);
  expect(javaPattern("public\\.ü.*").test("public.Über")).toBe(false);
  expect(javaPattern("public\\.l.nks").test("public.LİNKS")).toBe(true);
});

it("takes what lists of tables have: anything but, prefixes, alternatives", () => {
  const pattern = javaPattern("sales\\.(?!tmp_)(orders|items)_\\d{4}");
  expect(pattern.test("sales.orders_2026")).toBe(true);
  expect(pattern.test("sales.orders_20261")).toBe(false);
  expect(javaPattern("sales\\.(?!tmp_).*").test("sales.tmp_x")).toBe(false);
});

it.each([
  ["public.(a", /is no regular expression/],
  ["public.a*+", /a possessive quantifier/],
  ["public.(?>a)", /a kind of group/],
  ["public.(?i)a", /a kind of group/],
  ["public.[a-z&&[^b]]", /a class within a class/],
  ["public.\\bx.*", /has \\b, which is not taken/],
  ["public.(a)\\1", /has \\1, which is not taken/],
  ["public.\\p{Alpha}+", /a class by name/],
  ["public.[z-a]", /runs backwards/],
  ["public.[a", /a \[ without its \]/],
  ["public.a{x", /a \{ that begins no number/],
  ["*", /is no regular expression/],
  ["a\\", /ends with a backslash/],
])("%s is refused with the reason", (pattern, reason) => {
  expect(() => javaPattern(pattern)).toThrow(reason);
});
