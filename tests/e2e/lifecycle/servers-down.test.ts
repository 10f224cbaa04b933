/** The server of a resource is down during an `up` that has to change the resource, and during a destroy. */
import execa from "execa";
import { describe, expect, it } from "vitest";
import { isEqual } from "./rotation";
import { standingStack } from "./standing-stack";
import { WHILE_DOWN } from "./while-down";

const { stack, run, comesBack, leavesNothing } = standingStack();

const stop = (...services: string[]) =>
  execa("docker", ["stop", "--timeout", "20", ...services.map((service) => stack.container(service))]);

const changes = Object.entries(WHILE_DOWN).flatMap(([server, row]) =>
  "change" in row ? [{ server, change: row.change }] : [],
);

describe("down during an up", () => {
  it.each(changes)(
    "$server is named in words, if it is missed, and refresh and up bring all of it",
    async ({ server, change }) => {
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
      await leavesNothing();
    },
  );
});
