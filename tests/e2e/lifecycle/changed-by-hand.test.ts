/** What somebody changes behind Pulumi's back is shown by refresh, and put right by up. */
import execa from "execa";
import { describe, expect, it } from "vitest";
import { adminClient } from "../../../providers/minio/admin-client";
import { clientAt } from "../../../providers/minio/connection";
import { SparkClient } from "../../../providers/spark-application/client";
import { WALKTHROUGH_SECRETS } from "../../../walkthrough-secrets";
import { isEqual } from "./rotation";
import { standingStack } from "./standing-stack";

const { stack, run, comesBack } = standingStack();

describe("what was changed by hand in MinIO", () => {
  it.each([
    ["a disabled user", WALKTHROUGH_SECRETS.lakeSecretKey, false, /enabled/],
    ["another secret key", "another-secret-key", true, /secretKeyWorks/],
  ])("is shown by refresh, and put right by up: %s", async (_what, secretKey, enabled, shown) => {
    const { minioUrl, minioRootUser = "", minioRootPassword = "" } = await stack.outputs();
    const admin = adminClient(clientAt(minioUrl, minioRootUser, minioRootPassword));
    await admin.setUser("lake-writer", secretKey, enabled);
    expect(await run("refresh")).toMatch(shown);
    await comesBack();
  });
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
