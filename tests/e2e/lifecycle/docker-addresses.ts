/** Cases docker-context and docker-host-on-another-machine, where a daemon answers. */
import { once } from "node:events";
import * as net from "node:net";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NO_CHANGES, type TestStack } from "../platform";

export function describeDockerAddresses(stack: TestStack): void {
  describe("a Docker daemon under another address", () => {
    let forwarder: net.Server;
    let address: string;

    beforeAll(async () => {
      forwarder = net.createServer((client) => {
        const daemon = net.connect("/var/run/docker.sock");
        client.pipe(daemon).pipe(client);
        for (const socket of [client, daemon]) socket.on("error", () => client.destroy());
      });
      forwarder.listen(0, "127.0.0.2");
      await once(forwarder, "listening");
      address = `tcp://127.0.0.2:${(forwarder.address() as net.AddressInfo).port}`;
    });

    afterAll(() => void forwarder.close());

    const run = (verb: string, env: Record<string, string>) =>
      execa("node", ["cli/launch.mjs", verb, "--stack", stack.name], { env, all: true, reject: false });

    it("on this machine is the stack's: the daemon is the same one", async () => {
      const { exitCode, all } = await run("preview", { DOCKER_HOST: address });
      expect(exitCode, all).toBe(0);
      expect(all).toMatch(NO_CHANGES);
    });

    it("chosen by a Docker context is used by all parts", async () => {
      await execa("docker", ["context", "create", "e2e-lifecycle", "--docker", `host=${address}`]);
      try {
        const { exitCode, all } = await run("status", { DOCKER_CONTEXT: "e2e-lifecycle", DOCKER_HOST: "" });
        expect(exitCode, all).toBe(0);
        expect(all).toMatch(/RUNNING/);
      } finally {
        await execa("docker", ["context", "rm", "-f", "e2e-lifecycle"]);
      }
    });

    it.each(["tcp://192.0.2.1:2375", "ssh://nobody@127.0.0.1"])(
      "on another machine, %s, is refused before anything is begun",
      async (host) => {
        const started = Date.now();
        const { exitCode, all } = await run("preview", { DOCKER_HOST: host });
        expect(exitCode, all).toBe(1);
        expect(all).toContain(`Docker at ${host}`);
        expect(all).toMatch(/on another machine/);
        expect(Date.now() - started).toBeLessThan(30_000);
      },
    );
  });
}
