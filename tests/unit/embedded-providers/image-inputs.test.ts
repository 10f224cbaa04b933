import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Docker from "dockerode";
import { afterAll, describe, expect, test } from "vitest";
import { type Properties, UNKNOWN } from "../../../embedded/provider";
import { imageProvider } from "../../../embedded/providers/docker/image";

const folder = mkdtempSync(path.join(tmpdir(), "image-inputs-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(path.join(folder, "Dockerfile"), "FROM x");

const provider = imageProvider(new Docker());
const urn = "urn:pulumi:dev::cdc-platform::docker:index/image:Image::image-base";
const build = { context: folder, args: { X: "1" } };
const check = async (newInputs: Properties) => {
  const checked = await provider.check?.({
    urn,
    newInputs: { imageName: "cdc/base", skipPush: true, ...newInputs },
  });
  return { inputs: {}, failures: [], ...checked };
};
const diff = (oldInputs: Properties, newInputs: Properties) =>
  provider.diff({ urn, id: "cdc/base", oldInputs, oldOutputs: {}, newInputs });

describe("an image's inputs", () => {
  test("change with a file of the context and with a build argument, always in place", async () => {
    const before = (await check({ build })).inputs;
    expect(await diff(before, (await check({ build })).inputs)).toMatchObject({ changed: [] });
    const other = (await check({ build: { ...build, args: { X: "2" } } })).inputs;
    expect(await diff(before, other)).toMatchObject({ changed: ["build"], replaces: [] });
    writeFileSync(path.join(folder, "file"), "new");
    expect(await diff(before, (await check({ build })).inputs)).toMatchObject({
      changed: ["build"],
      replaces: [],
    });
  });

  test("may hold an argument that is not known yet, such as the id of a parent image", async () => {
    const { inputs, failures } = await check({ build: { ...build, args: { BASE_IMAGE: UNKNOWN } } });
    expect(failures).toEqual([]);
    expect((inputs.build as Properties).contextDigest).toMatch(/^[0-9a-f]{64}$/);
  });

  test("that ask for more than a local build with the classic builder are refused by name", async () => {
    const { failures } = await check({
      skipPush: false,
      registry: { server: "x" },
      build: { ...build, builderVersion: "BuilderBuildKit" },
    });
    expect(failures.map(({ property }) => property).sort()).toEqual([
      "build.builderVersion",
      "registry",
      "skipPush",
    ]);
  });

  test("cannot name a Dockerfile outside the context, nor a context that is not there", async () => {
    const { failures } = await check({ build: { ...build, dockerfile: "Dockerfile" } });
    expect(failures).toEqual([
      { property: "build.dockerfile", reason: expect.stringContaining(`must lie in the context ${folder}`) },
    ]);
    const missing = await check({ build: { context: "/no/such/folder" } });
    expect(missing.failures).toEqual([
      { property: "build.context", reason: expect.stringContaining("/no/such/folder") },
    ]);
  });
});
