/** Every resource deleted by hand, and every container stopped: refresh shows it, up puts it right, nothing is lost; destroy misses none. */
import execa from "execa";
import { describe, expect, it } from "vitest";
import { DELETIONS, type Deletion } from "./by-hand";
import { kindOf, managedResources } from "./resources";
import { isEqual } from "./rotation";
import { standingStack } from "./standing-stack";

const { stack, run, comesBack, leavesNothing } = standingStack();

const rows = (await managedResources(stack)).map((resource) => ({
  name: resource.name,
  resource,
  deletion: DELETIONS[kindOf(resource)] as Deletion,
}));
const containers = rows.filter(({ resource }) => kindOf(resource) === "container");

describe("deleted by hand", () => {
  it.each(rows.filter(({ deletion }) => "refused" in deletion))(
    "$name is not, while it is used",
    async ({ resource, deletion }) => {
      if (!("refused" in deletion)) throw new Error("such rows only");
      await expect(deletion.refused(stack, resource)).rejects.toThrow(deletion.with);
    },
  );

  it.each(rows.filter(({ deletion }) => "delete" in deletion))(
    "$name is missed by refresh, and made again by up",
    async ({ name, resource, deletion }) => {
      if (!("delete" in deletion)) throw new Error("such rows only");
      await deletion.delete(stack, resource);
      expect(await run("refresh")).toContain(name);
      await comesBack();
      if (deletion.afterwards) await run(...deletion.afterwards);
    },
  );

  it("leaves the lake whole", () => isEqual(stack));
});

describe("stopped during a refresh", () => {
  it.each(containers)("$name is shown, and started again by up", async ({ name, resource }) => {
    await execa("docker", ["stop", "--timeout", "20", resource.inputs.name]);
    expect(await run("refresh")).toContain(name);
    await comesBack();
  });

  it("leaves the lake whole", () => isEqual(stack));
});

describe("a destroy when somebody deleted everything before", () => {
  it("leaves nothing, and misses nothing", async () => {
    // Servers last: what is in them is deleted through them.
    const inOrder = [...rows.filter((row) => !containers.includes(row)), ...containers];
    for (const { resource, deletion } of inOrder)
      if ("delete" in deletion) await deletion.delete(stack, resource);
    await run("destroy");
    await leavesNothing();
  });
});
