import { describe, expect, it } from "vitest";
import { differenceOf } from "../../../providers/spark-application/difference";
import { UNKNOWN } from "../../../providers/unknown";
import { applicationInputs } from "./application-inputs";

const wanted = applicationInputs();
const running = { ...wanted, state: "RUNNING" } as const;

describe("a deployed application", () => {
  it("is left alone when nothing changed", () => {
    expect(differenceOf(running, wanted)).toMatchObject({ changes: false, replaces: [] });
  });

  it.each([
    ["code", { codeHash: "other" }],
    ["arguments", { arguments: ["--topics", "d.e.f"] }],
    ["options", { submitArguments: ["--conf", "spark.cores.max=1"] }],
    ["folder", { installFolder: "other" }],
    ["main file", { mainFile: "other.py" }],
    ["container", { containerId: "5678" }],
    ["container, not known yet", { containerId: UNKNOWN }],
  ])("is updated in place for other %s", (_what, change) => {
    expect(differenceOf(running, { ...wanted, ...change })).toMatchObject({ changes: true, replaces: [] });
  });

  it("is replaced, the old one first, under another name or in another container", () => {
    expect(differenceOf(running, { ...wanted, applicationName: "other" })).toEqual({
      changes: true,
      replaces: ["applicationName"],
      deleteBeforeReplace: true,
    });
    expect(differenceOf(running, { ...wanted, containerName: "other" }).replaces).toEqual(["containerName"]);
  });

  it("is replaced, the old one first, when what its arguments are computed from goes", () => {
    const replaced = { replaces: ["arguments"], deleteBeforeReplace: true };
    expect(differenceOf(running, { ...wanted, arguments: UNKNOWN as never })).toMatchObject(replaced);
    expect(differenceOf(running, { ...wanted, arguments: ["--topics", UNKNOWN] })).toMatchObject(replaced);
  });

  it.each(["STOPPED", "RESTARTING"] as const)("is repaired when it was %s", (state) => {
    expect(differenceOf({ ...wanted, state }, wanted)).toMatchObject({ changes: true, replaces: [] });
  });
});
