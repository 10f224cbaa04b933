/** The server of a resource is down during an `up` that has to change the resource, and during a destroy. */
import execa from "execa";
import { describe, expect, it } from "vitest";
import { isEqual } from "./rotation";
import { standingStack } from "./standing-stack";

const { stack, run, comesBack } = standingStack();

const stop = (...services: string[]) =>
  execa("docker", ["stop", "--timeout", "20", ...services.map((service) => stack.container(service))]);

/**
 * Each server, and a change of the configuration for which something in it has to change. Not Spark's master: without it a job waits
 * for five minutes before it says so.
 */
const CHANGES: [server: string, change: Record<string, unknown>][] = [
  ["postgresql", { connectorOverrides: { "snapshot.fetch.size": 5_001 } }],
  ["kafka", { connectorOverrides: { "snapshot.fetch.size": 5_002 } }],
  ["kafka-connect", { connectorOverrides: { "snapshot.fetch.size": 5_003 } }],
  ["minio", { lakeSecretKey: "another-lake-secret-key" }],
  ["spark-client", { triggerInterval: "4 seconds" }],
];

describe("down during an up", () => {
  it.each(CHANGES)(
    "%s is named in words, if it is missed, and refresh and up bring all of it",
    async (server, change) => {
      await stop(server);
      stack.configure(change);
      const { exitCode, text } = await stack.npmRun("up");
      if (exitCode !== 0) expect(text).toMatch(new RegExp(`${server}|${stack.container(server)}`, "i"));
      expect(text).not.toMatch(/^\s+at /m);
      await run("refresh");
      await comesBack();
    },
  );

  it("loses no row", () => isEqual(stack));
});

describe("down during a destroy", () => {
  it.each([[["postgresql", "minio"]], [["kafka-connect", "spark-master"]], [["spark-client", "kafka"]]])(
    "%j leave nothing behind",
    async (servers) => {
      await run("up");
      await stop(...servers);
      await run("destroy");
      expect(await stack.docker("ps", "-a", "--format", "{{.Names}}")).toEqual([]);
      expect(await stack.docker("volume", "ls", "-q")).toEqual([]);
      expect(await stack.docker("network", "ls", "-q")).toEqual([]);
    },
  );
});
