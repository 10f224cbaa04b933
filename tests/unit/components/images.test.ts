import * as fs from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import versions from "../../../images/versions.json";
import { type Program, runProgram } from "./program";

let program: Program;
let kraft: Program;

beforeAll(async () => {
  program = await runProgram("dev");
  kraft = await runProgram("kraft", { kafkaMetadata: "kraft" });
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

const imagesOf = (of: Program) => of.ofType("docker:index/image:Image").map(({ inputs }) => inputs);
const builds = () => [program, kraft].flatMap(imagesOf).map(({ build }) => build);
const withoutProxies = (args: object) => Object.keys(args).filter((name) => !name.endsWith("_PROXY"));

describe("image builds", () => {
  it("give each Dockerfile exactly the arguments it declares", () => {
    for (const build of builds()) {
      expect(withoutProxies(build.args).sort(), build.dockerfile).toEqual(
        [...new Set(declaredArgs(build.dockerfile))].sort(),
      );
    }
  });

  it("end as a user who is not root, but for those that others are built from", () => {
    const parents = ["base", "java", "node", "npm", "maven"];
    for (const { dockerfile } of builds()) {
      const user = [...fs.readFileSync(dockerfile, "utf8").matchAll(/^USER (\S+)/gm)].at(-1)?.[1];
      if (parents.some((name) => dockerfile === `images/${name}/Dockerfile`)) continue;
      expect(user, dockerfile).toMatch(/^(?!root$)[a-z]+$/);
    }
  });

  it("use every version of images/versions.json", () => {
    const used = new Set(builds().flatMap((build) => Object.keys(build.args)));
    expect(Object.keys(versions).filter((name) => !used.has(name))).toEqual([]);
  });

  it("use Kafka 3.9 with ZooKeeper and Kafka 4 without", () => {
    const versionOf = (of: Program, tag: string) =>
      imagesOf(of).find(({ imageName }) => imageName === tag)?.build.args.KAFKA_VERSION;
    expect(versionOf(program, "cdc/kafka:latest")).toMatch(/^3\.9\./);
    expect(versionOf(program, "cdc/kafka-connect:latest")).toMatch(/^3\.9\./);
    expect(versionOf(kraft, "cdc/kafka:kraft")).toMatch(/^4\./);
    expect(versionOf(kraft, "cdc/kafka-connect:kraft")).toMatch(/^4\./);
  });

  it("give no tag to two different builds, whichever stacks are on the machine", () => {
    const built = new Map<string, string>();
    for (const { imageName, build } of [program, kraft].flatMap(imagesOf)) {
      const recipe = JSON.stringify(build);
      expect(built.get(imageName) ?? recipe, imageName).toBe(recipe);
      built.set(imageName, recipe);
    }
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
