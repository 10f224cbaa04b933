import * as fs from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import versions from "../../../images/versions.json";
import { type Program, runProgram } from "./program";

let program: Program;

beforeAll(async () => {
  program = await runProgram("dev");
});

/** Names after ARG in a Dockerfile. */
function declaredArgs(dockerfile: string): string[] {
  return [...fs.readFileSync(dockerfile, "utf8").matchAll(/^ARG (\w+)(=?)/gm)].map(([, name, hasDefault]) => {
    expect(
      hasDefault,
      `${dockerfile} gives ${name} a default; versions belong into images/versions.json`,
    ).toBe("");
    return name as string;
  });
}

const builds = () => program.ofType("docker:index/image:Image").map(({ inputs }) => inputs.build);
const withoutProxies = (args: object) => Object.keys(args).filter((name) => !name.endsWith("_PROXY"));

describe("image builds", () => {
  it("give each Dockerfile exactly the arguments it declares", () => {
    for (const build of builds()) {
      expect(withoutProxies(build.args).sort(), build.dockerfile).toEqual(
        [...new Set(declaredArgs(build.dockerfile))].sort(),
      );
    }
  });

  it("use every version of images/versions.json", () => {
    const used = new Set(builds().flatMap((build) => Object.keys(build.args)));
    expect(Object.keys(versions).filter((name) => !used.has(name))).toEqual([]);
  });

  it("start from the id of the parent image, so that a changed parent rebuilds them", () => {
    for (const build of builds()) {
      for (const [name, value] of Object.entries(build.args)) {
        if (name.endsWith("_IMAGE") && name !== "DEBIAN_IMAGE")
          expect(value, build.dockerfile).toMatch(/^sha256:image-/);
      }
    }
  });
});
