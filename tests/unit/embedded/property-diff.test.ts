import { expect, test } from "vitest";
import { inSeconds } from "../../../embedded/custom-timeouts";
import { keepIgnored } from "../../../embedded/ignored-changes";
import { describeChanges } from "../../../embedded/property-diff";
import { secret } from "../../../embedded/property-values";
import { UNKNOWN } from "../../../embedded/provider";

test("only what differs inside a property is shown, with its path", () => {
  const old = { env: ["A=1", "B=2"], labels: { a: "x", b: "y" } };
  const wanted = { env: ["A=1", "B=3"], labels: { a: "x", c: "z" } };
  expect(describeChanges(["env", "labels"], old, wanted)).toEqual([
    'env[1]: "B=2" → "B=3"',
    'labels.b: "y" → (none)',
    'labels.c: (none) → "z"',
  ]);
});

test("secrets are hidden even if only one side is secret, and inside what else is shown", () => {
  expect(
    describeChanges(
      ["a", "b", "c"],
      { a: secret("x"), b: "x", c: [secret("x")] },
      { a: "y", b: secret("y"), c: [] },
    ),
  ).toEqual(["a: [secret] → [secret]", "b: [secret] → [secret]", 'c: ["[secret]"] → []']);
});

test("unknown values, a provider's code and changes that no input shows are said in words", () => {
  const old = { a: 1, __provider: "long code", c: 3 };
  expect(
    describeChanges(["a", "__provider", "c"], old, { a: UNKNOWN, __provider: "other code", c: 3 }),
  ).toEqual(["a: 1 → <unknown until up>", "(code of its provider)", "c"]);
});

test("ignored changes keep the old value at any depth, secrets included", () => {
  const old = { a: { b: 1, c: 2 }, list: [{ x: 1 }, { x: 2 }], d: secret("old") };
  const wanted = { a: { b: 9, c: 9 }, list: [{ x: 9 }, { x: 9 }], d: secret("new"), e: 5 };
  expect(keepIgnored(wanted, old, ["a.b", "list[1].x", "d", "e"])).toEqual({
    a: { b: 1, c: 9 },
    list: [{ x: 9 }, { x: 2 }],
    d: secret("old"),
  });
  expect(keepIgnored(wanted, old, ["*"])).toBe(old);
});

test("custom timeouts are durations", () => {
  expect(inSeconds({ create: "1h30m", update: "90s", delete: "" })).toEqual({ create: 5400, update: 90 });
  expect(() => inSeconds({ create: "soon" })).toThrow("customTimeouts.create is 'soon'");
});

test("of a long list in a text, what is added and removed is shown; of many differences the first", () => {
  const names = Array.from({ length: 300 }, (_, index) => `many.t_${index}`);
  const changed = [...names.slice(1), "rw.later"];
  expect(describeChanges(["list"], { list: names.join(",") }, { list: changed.join(",") })).toEqual([
    "list: 300 → 300 entries: -many.t_0, +rw.later",
  ]);
  const grown = describeChanges(["list"], { list: names.slice(0, 100).join(",") }, { list: names.join(",") });
  expect(grown[0]).toMatch(/^list: 100 → 300 entries: \+many\.t_100, .*, and 195 more$/);
  const topics = Object.fromEntries(names.map((name) => [name, 1]));
  const lines = describeChanges(["topics"], { topics: {} }, { topics });
  expect(lines).toHaveLength(11);
  expect(lines.at(-1)).toBe("topics: and 290 more");
});
