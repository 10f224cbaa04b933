import { describe, expect, test } from "vitest";
import { isLeftover, ownerOf } from "../../../embedded/providers/docker/ownership";

describe("something that already has our name", () => {
  test("is a leftover only when it carries the label of this very stack", () => {
    const ours = { "cdc.stack": "dev" };
    expect(isLeftover(ours, { "cdc.stack": "dev", more: "x" })).toBe(true);
    expect(isLeftover(ours, { "cdc.stack": "other" })).toBe(false);
    expect(isLeftover(ours, {})).toBe(false);
    expect(isLeftover(ours, null)).toBe(false);
    expect(isLeftover({}, {})).toBe(false);
  });

  test("is said to be another stack's when it is", () => {
    expect(ownerOf({ "cdc.stack": "other" })).toBe('it belongs to stack "other"');
    expect(ownerOf(null)).toBe("it was not made by this stack");
  });
});
