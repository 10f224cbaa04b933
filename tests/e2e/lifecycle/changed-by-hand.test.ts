/** What somebody changes behind Pulumi's back is shown by refresh, and put right by up. */
import execa from "execa";
import { describe, expect, it } from "vitest";
import { SparkClient } from "../../../providers/spark-application/client";
import { WALKTHROUGH_SECRETS } from "../../../walkthrough-secrets";
import { NO_CHANGES } from "../platform";
import { CHANGES, type Change, minioAdmin } from "./by-hand";
import { kindOf, managedResources } from "./resources";
import { isEqual } from "./rotation";
import { standingStack } from "./standing-stack";

const { stack, run, comesBack } = standingStack();

const resources = await managedResources(stack);
const kinds = [...new Set(resources.map(kindOf))].map((kind) => ({
  kind,
  changed: resources.filter((resource) => kindOf(resource) === kind),
  change: CHANGES[kind] as Change,
}));

describe("what was changed by hand", () => {
  it.each(kinds.filter(({ change }) => "change" in change))(
    "of each $kind is shown by refresh, and put right by up",
    async ({ changed, change }) => {
      if (!("change" in change)) throw new Error("such rows only");
      for (const resource of changed) await change.change(stack, resource);
      const text = await run("refresh");
      for (const { name } of changed) expect(text).toContain(name);
      expect(text).toMatch(change.shown);
      await comesBack();
      expect(await run("refresh")).toMatch(NO_CHANGES);
    },
  );

  it("of a user that was disabled is shown by refresh, and put right by up", async () => {
    await (await minioAdmin(stack)).setUser("lake-writer", WALKTHROUGH_SECRETS.lakeSecretKey, false);
    expect(await run("refresh")).toMatch(/enabled/);
    await comesBack();
  });

  it("leaves the lake whole", () => isEqual(stack));
});

describe("what is in MinIO while it is down", () => {
  it("is said by refresh not to have been looked at, and is there afterwards", async () => {
    await execa("docker", ["stop", stack.container("minio")]);
    const text = await run("refresh");
    expect(text).toMatch(
      /lake-writer.*what is recorded stands, as nobody could be asked: MinIO does not answer at/,
    );
    expect(text).not.toMatch(/^\s+at /m);
    await comesBack();
    await isEqual(stack);
  });
});

describe("an application of somebody else in the Spark client", () => {
  it("has its own code, which the streaming job's leaves alone", async () => {
    const client = new SparkClient(stack.container("spark-client"));
    const files = (folder: string) =>
      stack.exec("spark-client", ["find", `/opt/examples/${folder}`, "-type", "f", "-name", "*.py"]);
    const before = await files("streaming");
    await client.putCode("other", [{ path: "lib/old.py", content: Buffer.from("") }]);
    await client.putCode("other", [{ path: "main.py", content: Buffer.from("print()") }]);
    expect((await files("other")).trim()).toBe("/opt/examples/other/main.py");
    expect(await files("streaming")).toBe(before);
    await stack.exec("spark-client", ["find", "/opt/examples/other", "-mindepth", "1", "-delete"]);
  });
});

describe("how a driver ended", () => {
  it("is read while it is written, and no look fails", async () => {
    const look = "streaming_from_kafka_to_minio";
    const both = `for i in $(seq 100); do driver-ended ${look} 0 0; done & for i in $(seq 40); do application state ${look} || exit 1; done; wait`;
    const states = await stack.exec("spark-client", ["sh", "-c", both]);
    expect(states.split("\n").map((line) => JSON.parse(line).lastRun?.exitCode ?? 0)).toEqual(
      Array(40).fill(0),
    );
  });
});
