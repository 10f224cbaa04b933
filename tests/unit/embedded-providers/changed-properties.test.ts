import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../embedded/provider";
import { asSet, changedProperties } from "../../../embedded/providers/changed-properties";

describe("changed properties", () => {
  test("are named at their top level, sorted", () => {
    const before = { same: { deep: [1] }, image: "a", build: { args: { X: "1" } } };
    const after = { same: { deep: [1] }, image: "b", build: { args: { X: "2" } } };
    expect(changedProperties(before, after)).toEqual(["build", "image"]);
  });

  test("do not include what is absent on one side and null or absent on the other, at any depth", () => {
    expect(changedProperties({ a: null, b: { c: undefined } }, { b: {} })).toEqual([]);
  });

  test("do not depend on the order of members", () => {
    expect(changedProperties({ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } })).toEqual([]);
  });

  test("include what is unknown in a preview", () => {
    expect(changedProperties({ image: "sha256:1" }, { image: UNKNOWN })).toEqual(["image"]);
  });

  test("of a list that means a set do not depend on its order", () => {
    const normalise = (_: string, value: unknown) => asSet(value);
    const [a, b] = [
      { label: "a", value: "1" },
      { value: "2", label: "b" },
    ];
    expect(
      changedProperties({ labels: [a, b] }, { labels: [{ label: "b", value: "2" }, a] }, normalise),
    ).toEqual([]);
    expect(changedProperties({ labels: [a, b] }, { labels: [a] }, normalise)).toEqual(["labels"]);
  });
});
