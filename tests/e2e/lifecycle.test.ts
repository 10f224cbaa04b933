/** Every resource of a stack changed, replaced, lost, rotated: `npm run test:lifecycle`. The engine is that of CDC_ENGINE. */
import * as os from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adminClient } from "../../providers/minio/admin-client";
import { clientAt } from "../../providers/minio/connection";
import { WALKTHROUGH_SECRETS } from "../../walkthrough-secrets";
import { describeBuildContainers } from "./lifecycle/build-containers";
import { deletionOf } from "./lifecycle/by-hand";
import { describeDockerAddresses } from "./lifecycle/docker-addresses";
import { describeOtherCheckouts } from "./lifecycle/other-checkouts";
import { kindOf, managedResources } from "./lifecycle/resources";
import { describeRotation, isEqual } from "./lifecycle/rotation";
import { OTHER_VALUES } from "./lifecycle/values";
import { NO_CHANGES, TestStack } from "./platform";

const stack = new TestStack("e2e-lifecycle");
const resources = await managedResources(stack);

async function run(verb: string, ...args: string[]): Promise<string> {
  const { exitCode, text } = await stack.npmRun(verb, ...args);
  expect(exitCode, text).toBe(0);
  return text;
}

/** After whatever was done: one `up` puts it right, and the next has nothing to do. */
async function comesBack(): Promise<string> {
  const text = await run("up");
  expect(await run("up")).toMatch(NO_CHANGES);
  return text;
}

beforeAll(async () => {
  stack.configure();
  await stack.removeLeftovers();
  await run("up");
  await stack.sql(`insert into links ("customerId") select generate_series(1, 1000)`);
});

afterAll(async () => {
  await stack.npmRun("destroy");
});

describeOtherCheckouts(stack);
describeDockerAddresses(stack);
describeBuildContainers(stack);

describe("what was changed by hand in MinIO", () => {
  it("is shown by refresh, and put right by up: a disabled user, another secret key", async () => {
    const { minioUrl = "", minioRootUser = "", minioRootPassword = "" } = await stack.outputs();
    const admin = adminClient(clientAt(minioUrl, minioRootUser, minioRootPassword));
    for (const [secretKey, enabled, shown] of [
      [WALKTHROUGH_SECRETS.lakeSecretKey, false, /enabled/],
      ["another-secret-key", true, /secretKeyWorks/],
    ] as const) {
      await admin.setUser("lake-writer", secretKey, enabled);
      expect(await run("refresh")).toMatch(shown);
      await comesBack();
    }
    await isEqual(stack);
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

describe.each(resources.map((resource) => ({ name: resource.name, resource })))("$name", ({ resource }) => {
  const deletion = deletionOf(resource);

  if (deletion !== undefined && "delete" in deletion) {
    it("deleted by hand is missed by refresh, and made again by up", async () => {
      await deletion.delete(stack, resource);
      const seen = await run("refresh");
      expect(seen, seen).toContain(resource.name);
      await comesBack();
    });
  }
  if (deletion !== undefined && "refused" in deletion) {
    it("cannot be deleted by hand while it is used", async () => {
      await expect(deletion.refused(stack, resource)).rejects.toThrow(deletion.with);
    });
  }
  if (kindOf(resource) === "container") {
    it("stopped during a refresh is shown, and started again by up", async () => {
      await execa("docker", ["stop", "--time", "20", resource.inputs.name]);
      expect(await run("refresh")).toContain(resource.name);
      await comesBack();
    });
  }
});

describe("what was lost and made again", () => {
  it("has lost no row", () => isEqual(stack));
});

describe("up --replace", () => {
  const once = ["connector", "application", "user", "topics", "command", "image"].flatMap(
    (kind) => resources.find((resource) => kindOf(resource) === kind)?.name ?? [],
  );

  it.each(once)(
    "of %s deletes the old one before the new one is made, which is there afterwards",
    async (name) => {
      const plan = await run("preview", "--replace", name);
      expect(plan).toMatch(new RegExp(`replace.*${name}|${name}.*replace`, "i"));
      await run("up", "--replace", name);
      expect(await run("up")).toMatch(NO_CHANGES);
    },
  );

  it("of the network makes every container anew, and loses no row", async () => {
    await run("up", "--replace", "network-bridge");
    expect(await run("up")).toMatch(NO_CHANGES);
    await isEqual(stack);
  });

  it("of what there is not is refused", async () => {
    const { exitCode, text } = await stack.npmRun("up", "--replace", "no-such-thing");
    expect(exitCode, text).toBe(1);
    expect(text).toMatch(/no-such-thing/);
  });
});

describe("an up that was cut off", () => {
  it.each(["SIGKILL", "SIGINT twice"])("by %s is carried on by the next", async (how) => {
    const child = execa(
      "node",
      ["cli/launch.mjs", "up", "--stack", stack.name, "--replace", "network-bridge"],
      {
        ...{ all: true, reject: false, detached: true, stdin: "ignore" },
      },
    );
    await pause(15_000);
    const group = -(child.pid ?? 0);
    process.kill(group, how === "SIGKILL" ? "SIGKILL" : "SIGINT");
    if (how !== "SIGKILL") {
      await pause(500);
      process.kill(group, "SIGINT");
    }
    await child;
    await comesBack();
    await isEqual(stack);
  });
});

describe("the configuration", () => {
  it("is changed as a whole, and back", async () => {
    stack.configure(OTHER_VALUES);
    await comesBack();
    stack.configure();
    await comesBack();
    await isEqual(stack);
  });

  it("publishes on an address of the network, which the broker tells its clients", async () => {
    const address = Object.values(os.networkInterfaces())
      .flatMap((all) => all ?? [])
      .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
    expect(address, "an address of this machine").toBeDefined();
    stack.configure({ bindAddress: address });
    const text = await run("up");
    const broker = `${address}:${stack.port(29092)}`;
    expect(text).toContain(broker);
    const versions = await stack.exec("kafka", [
      ...["/kafka/bin/kafka-broker-api-versions.sh", "--bootstrap-server", broker],
    ]);
    expect(versions.split("\n")[0]).toContain(broker);
    await isEqual(stack);
    stack.configure();
    await comesBack();
  });
});

describe("credentials", () => {
  describeRotation(stack, WALKTHROUGH_SECRETS, (rotated) => stack.configure({ ...rotated }));
});

describe("destroy", () => {
  it("with PostgreSQL and MinIO stopped leaves nothing", async () => {
    await execa("docker", ["stop", stack.container("postgresql"), stack.container("minio")]);
    await run("destroy");
    expect(await stack.docker("ps", "-a", "--format", "{{.Names}}")).toEqual([]);
    expect(await stack.docker("volume", "ls", "-q")).toEqual([]);
    expect(await stack.docker("network", "ls", "-q")).toEqual([]);
  });
});
