/** Resources made anew with `--replace`: the plan says so, the old one goes first, and what depends on it is right again. */
import execa from "execa";
import { describe, expect, it } from "vitest";
import { NO_CHANGES } from "../platform";
import { kindOf, managedResources } from "./resources";
import { isEqual } from "./rotation";
import { standingStack } from "./standing-stack";

const { stack, run } = standingStack();
const resources = await managedResources(stack);
const ofKind = (kind: string) => resources.filter((resource) => kindOf(resource) === kind);

/** When Docker made each container and volume of the stack, by their resources. */
async function made(): Promise<Map<string, string>> {
  const names = [
    ...(await stack.docker("ps", "-a", "--format", "{{.Names}}")),
    ...(await stack.docker("volume", "ls", "-q")),
  ];
  const { stdout } = await execa("docker", ["inspect", ...names]);
  const found: { Name: string; Created?: string; CreatedAt?: string }[] = JSON.parse(stdout);
  return new Map(
    found.map(({ Name: name, Created: created, CreatedAt: createdAt }) => {
      const resource = resources.find(({ inputs }) => inputs.name === name.replace(/^\//, ""));
      return [resource?.name ?? name, String(created ?? createdAt)];
    }),
  );
}

/** @returns containers and volumes that are other ones now; the plan has named each */
async function replace(name: string): Promise<string[]> {
  const before = await made();
  const plan = await run("preview", "--replace", name);
  const isPlanned = (each: string) => new RegExp(`replace.*${each}|${each}.*replace`, "i").test(plan);
  expect(isPlanned(name), plan).toBe(true);
  await run("up", "--replace", name);
  expect(await run("up")).toMatch(NO_CHANGES);
  const others = [...(await made())].flatMap(([each, time]) => (before.get(each) === time ? [] : [each]));
  expect(
    others.filter((each) => !isPlanned(each)),
    plan,
  ).toEqual([]);
  return others;
}

describe("up --replace", () => {
  // Of containers all at once, by their network.
  const once = [...new Set(resources.map(kindOf))].filter(
    (kind) => !["container", "network", "volume"].includes(kind),
  );

  it.each(once.flatMap((kind) => ofKind(kind).slice(0, 1)))(
    "of $name is announced, deletes the old one before the new one is made, and loses no row",
    async ({ name }) => {
      await replace(name);
      await isEqual(stack);
    },
  );

  it.each(ofKind("volume"))(
    "of $name is announced, and with what was in it gone, the lake is again what the source is",
    async ({ name }) => {
      expect(await replace(name)).toContain(name);
      await stack.sql(`insert into links ("customerId") select generate_series(1, 100)`);
      await isEqual(stack);
    },
  );

  it("of the network makes every container anew, and loses no row", async () => {
    const containers = ofKind("container").map(({ name }) => name);
    expect((await replace("network-bridge")).sort()).toEqual(containers.sort());
    await isEqual(stack);
  });

  it("of what there is not is refused", async () => {
    const { exitCode, text } = await stack.npmRun("up", "--replace", "no-such-thing");
    expect(exitCode, text).toBe(1);
    expect(text).toMatch(/no-such-thing/);
  });
});
