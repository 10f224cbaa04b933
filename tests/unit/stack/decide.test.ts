import { describe, expect, it } from "vitest";
import { decideEngine, type StackFacts } from "../../../stack/engines/decide";

const decide = (facts: Partial<StackFacts>) =>
  decideEngine({ stack: "blue", asked: undefined, deployedBy: [], installed: true, ...facts });

describe("the engine of a stack", () => {
  it("is the one that deployed it, whatever is on PATH", () => {
    expect(decide({ deployedBy: ["embedded"] })).toBe("embedded");
    expect(decide({ deployedBy: ["pulumi"] })).toBe("pulumi");
    expect(decide({ deployedBy: ["embedded"], asked: "embedded", installed: false })).toBe("embedded");
  });

  it("is the one asked for, else the CLI where it is on PATH, when nothing is deployed", () => {
    expect(decide({})).toBe("pulumi");
    expect(decide({ installed: false })).toBe("embedded");
    expect(decide({ asked: "embedded" })).toBe("embedded");
  });

  it.each([
    [{ asked: "terraform" }, /There is no engine terraform/],
    [{ asked: "embedded", deployedBy: ["pulumi" as const] }, /deployed by the Pulumi CLI.*does not know/],
    [
      { asked: "pulumi", deployedBy: ["embedded" as const] },
      /deployed by the embedded engine.*does not know/,
    ],
    [{ asked: "pulumi", installed: false }, /The Pulumi CLI is not on PATH/],
    [
      { deployedBy: ["pulumi" as const], installed: false },
      /deployed by the Pulumi CLI, which is not on PATH/,
    ],
    [{ deployedBy: ["embedded" as const, "pulumi" as const] }, /in the state of both engines/],
  ])("is refused for %j, in words", (facts, message) => {
    expect(() => decide(facts)).toThrow(message);
  });

  it("is the one asked for, when both have something of the stack: so that either can be destroyed", () => {
    expect(decide({ deployedBy: ["embedded", "pulumi"], asked: "pulumi" })).toBe("pulumi");
  });
});
