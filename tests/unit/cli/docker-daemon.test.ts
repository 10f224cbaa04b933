/** Cases docker-context and docker-host-on-another-machine, but for what needs a daemon. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import execa from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { followDockerContext } from "../../../cli/setup/docker-daemon";
import { chosenDaemon, DEFAULT_SOCKET, isOnThisMachine } from "../../../components/docker-daemon";

let home: string;

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "home-"));
});
afterEach(() => fs.rmSync(home, { recursive: true }));

/** As `docker context create` writes it. */
function context(name: string, host: string, tls = false): void {
  const id = createHash("sha256").update(name).digest("hex");
  const contexts = path.join(home, ".docker", "contexts");
  fs.mkdirSync(path.join(contexts, "meta", id), { recursive: true });
  fs.writeFileSync(
    path.join(contexts, "meta", id, "meta.json"),
    JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false } } }),
  );
  if (tls) fs.mkdirSync(path.join(contexts, "tls", id, "docker"), { recursive: true });
}

function use(name: string): void {
  fs.mkdirSync(path.join(home, ".docker"), { recursive: true });
  fs.writeFileSync(path.join(home, ".docker", "config.json"), JSON.stringify({ currentContext: name }));
}

describe("the Docker daemon", () => {
  it("is the usual one, or that of DOCKER_HOST, of DOCKER_CONTEXT, of the current context", () => {
    expect(chosenDaemon({ HOME: home })).toBeUndefined();
    context("colima", "unix:///colima.sock");
    context("other", "unix:///other.sock");
    use("colima");
    expect(chosenDaemon({ HOME: home })).toMatchObject({ host: "unix:///colima.sock" });
    expect(chosenDaemon({ HOME: home, DOCKER_CONTEXT: "other" })).toMatchObject({
      host: "unix:///other.sock",
    });
    expect(chosenDaemon({ HOME: home, DOCKER_CONTEXT: "default" })).toBeUndefined();
    expect(chosenDaemon({ HOME: home, DOCKER_HOST: "unix:///mine.sock" })).toMatchObject({
      host: "unix:///mine.sock",
      chosenBy: "DOCKER_HOST",
    });
  });

  it("is a user's own where there is no other", () => {
    const env = { HOME: home, XDG_RUNTIME_DIR: "/run/user/1000", DOCKER_HOST: "" };
    expect(chosenDaemon(env, (file) => file !== DEFAULT_SOCKET)).toMatchObject({
      host: "unix:///run/user/1000/docker.sock",
    });
    expect(chosenDaemon(env, () => true)).toBeUndefined();
  });

  it("is the same for all parts of a command: a context's becomes DOCKER_HOST", () => {
    context("colima", "unix:///colima.sock");
    use("colima");
    const env: NodeJS.ProcessEnv = { HOME: home };
    followDockerContext(env);
    expect(env.DOCKER_HOST).toBe("unix:///colima.sock");
    const usual: NodeJS.ProcessEnv = { HOME: home, DOCKER_CONTEXT: "default", DOCKER_HOST: "" };
    followDockerContext(usual);
    expect(usual).not.toHaveProperty("DOCKER_HOST");
  });

  it.each([
    ["tcp://127.0.0.2:23750", true],
    ["tcp://localhost:2375", true],
    ["tcp://[::1]:2375", true],
    ["unix:///run/user/1000/docker.sock", true],
    ["tcp://192.0.2.1:2375", false],
    ["ssh://nobody@127.0.0.1", false],
    ["ssh://me@server", false],
  ])("%s is on this machine: %s", (host, here) => {
    expect(isOnThisMachine({ host })).toBe(here);
    if (!here) expect(() => followDockerContext({ DOCKER_HOST: host })).toThrow(`Docker at ${host}`);
  });

  it("of a context with certificates, or of one that is gone, is said", () => {
    context("secured", "tcp://127.0.0.1:2376", true);
    use("secured");
    expect(() => followDockerContext({ HOME: home })).toThrow(/context secured .* with certificates/);
    use("nowhere");
    expect(() => followDockerContext({ HOME: home })).toThrow(/context nowhere is chosen, but there is none/);
  });

  it.each(["preview", "status", "up", "verify"])(
    "that does not answer is named by %s, at once, and no other is started",
    async (verb) => {
      context("elsewhere", "unix:///no-such-docker.sock");
      use("elsewhere");
      const { exitCode, all } = await execa("node", ["cli/launch.mjs", verb], {
        all: true,
        reject: false,
        env: { HOME: home, DOCKER_CONTEXT: "", DOCKER_HOST: "" },
      });
      expect(exitCode, all).toBe(1);
      expect(all).toMatch(
        /^\s*Error: No Docker Engine answers at unix:\/\/\/no-such-docker\.sock \(chosen by the Docker context elsewhere\)\.\nFix: .*$/,
      );
    },
    60_000,
  );
});
