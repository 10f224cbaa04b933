/** The embedded engine's docker resources against the Docker of this machine. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { PartialFailure, type Properties, type ResourceProvider } from "../../embedded/provider";
import { dockerPackage } from "../../embedded/providers/docker/package";

const STACK = "try-e";
const BASE = "debian:trixie-slim";
const LABELS = [{ label: "cdc.stack", value: STACK }];
const PORT = 28765;

const said: string[] = [];
const progress = (message: string) => said.push(message);
const provider = dockerPackage({});

function resource(type: string): ResourceProvider {
  const found = provider.resource(type);
  if (found === undefined) throw new Error(`no provider for ${type}`);
  return found;
}

const networks = resource("docker:index/network:Network");
const volumes = resource("docker:index/volume:Volume");
const images = resource("docker:index/image:Image");
const remoteImages = resource("docker:index/remoteImage:RemoteImage");
const containers = resource("docker:index/container:Container");

const urnOf = (name: string) => `urn:pulumi:${STACK}::cdc-platform::docker:index/x:X::${name}`;

/** Checks and creates, as the engine does. */
async function create(of: ResourceProvider, name: string, newInputs: Properties) {
  const { inputs, failures } = (await of.check?.({ urn: urnOf(name), newInputs })) ?? {
    inputs: newInputs,
    failures: [],
  };
  expect(failures).toEqual([]);
  const { id, outputs } = await of.create({ urn: urnOf(name), inputs, progress });
  return { id, inputs, outputs };
}

type Created = Awaited<ReturnType<typeof create>>;

const read = (of: ResourceProvider, created: Created) =>
  of.read({ urn: urnOf("x"), progress: () => undefined, ...created });

/** What refresh takes for drift of the state document, in which there is no `undefined`. */
async function expectRecordedAsItIs(of: ResourceProvider, created: Created) {
  const { id, inputs, outputs } = JSON.parse(JSON.stringify(created)) as Created;
  expect(await read(of, created)).toStrictEqual({ id, inputs, outputs });
}
const remove = (of: ResourceProvider, created: Created) =>
  of.delete({ urn: urnOf("x"), ...created, progress });

/** What the next run would do after a refresh. */
async function diffAfterRefresh(of: ResourceProvider, created: Created, newInputs = created.inputs) {
  const live = await read(of, created);
  if (live === undefined) return "gone";
  return of.diff({
    urn: urnOf("x"),
    id: live.id,
    oldInputs: live.inputs,
    oldOutputs: live.outputs,
    newInputs,
  });
}

const docker = (...args: string[]) => execFileSync("docker", args, { encoding: "utf8" }).trim();

function removeEverything(): void {
  const ids = (...args: string[]) =>
    docker(...args, "--filter", `label=cdc.stack=${STACK}`)
      .split("\n")
      .filter(Boolean);
  for (const id of ids("ps", "-aq")) docker("rm", "-fv", id);
  for (const name of ids("volume", "ls", "-q")) docker("volume", "rm", name);
  for (const id of ids("network", "ls", "-q")) docker("network", "rm", id);
  for (const name of ["try-e-stranger"]) execFileSync("docker", ["rm", "-fv", name], { stdio: "ignore" });
}

const image = docker("image", "inspect", "--format", "{{.Id}}", BASE);
const HEALTHY = { tests: ["CMD", "test", "-e", "/tmp/usable"], interval: "300ms", timeout: "2s", retries: 3 };

const small = (name: string, script: string, more: Properties = {}): Properties => ({
  name,
  image,
  entrypoints: ["/bin/sh", "-c"],
  command: [script],
  labels: LABELS,
  destroyGraceSeconds: 1,
  ...more,
});
const SERVING = "trap 'exit 0' TERM; touch /tmp/usable; while :; do sleep 0.1; done";

beforeAll(removeEverything);
afterEach(() => {
  said.length = 0;
  removeEverything();
});

describe("a container like those of the platform", () => {
  async function platformLike() {
    const network = await create(networks, "bridge", {
      name: "try-e-network",
      driver: "bridge",
      labels: LABELS,
    });
    const data = await create(volumes, "data", { name: "try-e-data", labels: LABELS });
    const container = await create(
      containers,
      "service",
      small("try-e-service", SERVING, {
        hostname: "service",
        user: "1000",
        envs: ["GREETING=hello", "OTHER=1"],
        networksAdvanced: [{ name: "try-e-network", aliases: ["service", "svc"] }],
        ports: [{ internal: 8080, external: PORT, ip: "127.0.0.1" }],
        volumes: [{ volumeName: "try-e-data", containerPath: "/data" }],
        tmpfs: { "/scratch": "size=1m" },
        uploads: [
          { file: "/etc/service/config.properties", content: "key=näme\n" },
          {
            file: "/etc/service/secret",
            contentBase64: Buffer.from("s3cret").toString("base64"),
            permissions: "0600",
          },
          { file: "/opt/run.sh", content: "#!/bin/sh\n", executable: true },
        ],
        healthcheck: HEALTHY,
        wait: true,
        waitTimeout: 30,
        memory: 64,
        memorySwap: 64,
        shmSize: 32,
        restart: "unless-stopped",
        stopTimeout: 5,
        capabilities: { drops: ["ALL"] },
        securityOpts: ["no-new-privileges:true"],
        logDriver: "json-file",
        logOpts: { "max-size": "1m", "max-file": "2" },
        init: true,
      }),
    );
    return { network, data, container };
  }

  test("comes up healthy with everything it asked for, shows no drift, and goes without a trace", async () => {
    const { network, data, container } = await platformLike();
    expect(said.join("\n")).toMatch(/healthy after \d/);
    expect(container.outputs).toMatchObject({
      hostname: "service",
      mustRun: true,
      networkDatas: [
        { networkName: "try-e-network", ipAddress: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/) },
      ],
      ports: [{ internal: 8080, external: PORT, ip: "127.0.0.1", protocol: "tcp" }],
    });

    const inside = (script: string) => docker("exec", "try-e-service", "sh", "-c", script);
    expect(inside("stat -c '%a %u:%g' /etc/service/config.properties /etc/service/secret /opt/run.sh")).toBe(
      "644 0:0\n600 0:0\n744 0:0",
    );
    expect(inside("cat /etc/service/config.properties; id -u; echo $GREETING; hostname")).toBe(
      "key=näme\n1000\nhello\nservice",
    );
    expect(inside("getent hosts svc service | wc -l")).toBe("2");
    expect(inside("grep CapEff /proc/self/status")).toMatch(/0000000000000000$/);
    const host = JSON.parse(docker("inspect", "--format", "{{json .HostConfig}}", "try-e-service"));
    expect(host).toMatchObject({ Memory: 64 << 20, MemorySwap: 64 << 20, ShmSize: 32 << 20 });

    for (const [of, created] of [
      [networks, network],
      [volumes, data],
      [containers, container],
    ] as const) {
      expect(await diffAfterRefresh(of, created)).toMatchObject({ changed: [], replaces: [] });
      await expectRecordedAsItIs(of, created);
    }

    // The network is asked to go while the container is on its way out, as in a parallel destroy.
    await Promise.all([remove(containers, container), remove(networks, network), remove(volumes, data)]);
    expect(docker("ps", "-aq", "--filter", "name=try-e")).toBe("");
    for (const [of, created] of [
      [networks, network],
      [volumes, data],
      [containers, container],
    ] as const) {
      await remove(of, created);
      expect(await diffAfterRefresh(of, created)).toBe("gone");
    }
  });

  test("changes its memory and restart policy in place", async () => {
    const { container } = await platformLike();
    const inputs = { ...container.inputs, memory: 96, memorySwap: 128, restart: "on-failure" };
    const diff = await containers.diff({
      urn: urnOf("x"),
      id: container.id,
      oldInputs: container.inputs,
      oldOutputs: container.outputs,
      newInputs: inputs,
    });
    expect(diff).toMatchObject({ changed: ["memory", "memorySwap", "restart"], replaces: [] });
    const { outputs } = await containers.update({
      urn: urnOf("service"),
      id: container.id,
      inputs,
      oldInputs: container.inputs,
      oldOutputs: container.outputs,
      progress,
    });
    expect(await diffAfterRefresh(containers, { id: container.id, inputs, outputs })).toMatchObject({
      changed: [],
    });
    expect(
      docker(
        "inspect",
        "--format",
        "{{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}}",
        container.id,
      ),
    ).toBe(`${96 << 20} on-failure`);
  });

  test("is replaced after it was stopped, its limits changed or its network taken away behind our back", async () => {
    const { container } = await platformLike();
    docker("update", "--memory", "80m", "--memory-swap", "80m", container.id);
    expect(await diffAfterRefresh(containers, container)).toMatchObject({
      changed: ["memory", "memorySwap"],
      replaces: [],
    });
    docker("update", "--memory", "64m", "--memory-swap", "64m", container.id);
    docker("network", "disconnect", "try-e-network", container.id);
    expect(await diffAfterRefresh(containers, container)).toMatchObject({ replaces: ["networksAdvanced"] });
    docker("network", "connect", "--alias", "service", "--alias", "svc", "try-e-network", container.id);
    expect(await diffAfterRefresh(containers, container)).toMatchObject({ changed: [] });
    docker("stop", container.id);
    expect(await diffAfterRefresh(containers, container)).toMatchObject({
      replaces: ["mustRun"],
      deleteBeforeReplace: true,
    });
  });
});

describe("a container that does not become usable", () => {
  const failureOf = async (inputs: Properties): Promise<PartialFailure> => {
    const started = Date.now();
    const failure = await create(containers, "service", inputs).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(Date.now() - started).toBeLessThan(15_000);
    expect(failure).toBeInstanceOf(PartialFailure);
    return failure as PartialFailure;
  };

  test("fails at once with its exit code and the end of its log, and is replaced by the next run", async () => {
    const inputs = small("try-e-exits", "echo starting; echo 'bad configuration: x' >&2; exit 7", {
      healthcheck: HEALTHY,
      wait: true,
      waitTimeout: 600,
    });
    const failure = await failureOf(inputs);
    expect(failure.message).toMatch(/container try-e-exits exited with code 7/);
    expect(failure.message).toContain("bad configuration: x");
    const diff = await containers.diff({
      urn: urnOf("x"),
      id: failure.id,
      oldInputs: inputs,
      oldOutputs: failure.outputs,
      newInputs: inputs,
    });
    expect(diff).toMatchObject({ replaces: ["mustRun"], deleteBeforeReplace: true });
  });

  test("is given up when it crashes again and again", async () => {
    const failure = await failureOf(
      small("try-e-loops", "echo again; exit 3", {
        healthcheck: HEALTHY,
        wait: true,
        waitTimeout: 600,
        restart: "unless-stopped",
      }),
    );
    expect(failure.message).toMatch(/keeps crashing \((exit code 3, )?restarted \d+ times\)/);
    expect(failure.message).toContain("again");
  });

  test("is given up as unhealthy with what its health check says", async () => {
    const failure = await failureOf(
      small("try-e-unhealthy", "sleep 60", {
        healthcheck: { ...HEALTHY, tests: ["CMD-SHELL", "echo no leader yet; exit 1"] },
        wait: true,
        waitTimeout: 600,
      }),
    );
    expect(failure.message).toContain("its health check failed 3 times in a row");
    expect(failure.message).toContain("last health check: no leader yet (exit code 1)");
  });

  test("is given up when the time is over", async () => {
    const failure = await failureOf(
      small("try-e-slow", "sleep 60", {
        healthcheck: { ...HEALTHY, tests: ["CMD", "false"], retries: 1000 },
        wait: true,
        waitTimeout: 2,
      }),
    );
    expect(failure.message).toContain("did not become healthy within 2 s (waitTimeout)");
  });

  test("is noticed without a health check too, when it exits right away", async () => {
    const failure = await failureOf(small("try-e-dies", "echo nothing to do; exit 0"));
    expect(failure.message).toMatch(/exited with code 0/);
  });
});

describe("a port that is taken", () => {
  let server: Server | undefined;
  afterAll(() => server?.close());

  test("names the container that holds it, and leaves no container behind", async () => {
    docker("run", "-d", "--name", "try-e-stranger", "-p", `127.0.0.1:${PORT}:80`, BASE, "sleep", "60");
    const failed = create(
      containers,
      "kafka",
      small("try-e-kafka", SERVING, { ports: [{ internal: 80, external: PORT, ip: "127.0.0.1" }] }),
    );
    await expect(failed).rejects.toThrow(
      new RegExp(`kafka cannot publish port ${PORT} .*container try-e-stranger holds it.*portOffset`),
    );
    expect(docker("ps", "-aq", "--filter", "name=try-e-kafka")).toBe("");
  });

  test("says so when it is no container", async () => {
    server = createServer().listen(PORT, "127.0.0.1");
    const failed = create(
      containers,
      "kafka",
      small("try-e-kafka", SERVING, { ports: [{ internal: 80, external: PORT, ip: "127.0.0.1" }] }),
    );
    await expect(failed).rejects.toThrow(new RegExp(`port ${PORT} .*another program.*Pulumi.try-e.yaml`));
    server.close();
  });
});

describe("what an interrupted run left", () => {
  test("is a container to be replaced, a network and a volume with data to be taken over", async () => {
    docker("network", "create", "--label", `cdc.stack=${STACK}`, "try-e-network");
    docker("volume", "create", "--label", `cdc.stack=${STACK}`, "try-e-data");
    docker(
      "run",
      "-d",
      "--name",
      "try-e-service",
      "--label",
      `cdc.stack=${STACK}`,
      "-v",
      "try-e-data:/data",
      BASE,
      "sh",
      "-c",
      `echo kept > /data/file; ${SERVING}`,
    );
    const leftover = docker("inspect", "--format", "{{.Id}}", "try-e-service");

    await create(networks, "bridge", { name: "try-e-network", labels: LABELS });
    await create(volumes, "data", { name: "try-e-data", labels: LABELS });
    const container = await create(
      containers,
      "service",
      small("try-e-service", SERVING, {
        networksAdvanced: [{ name: "try-e-network" }],
        volumes: [{ volumeName: "try-e-data", containerPath: "/data" }],
      }),
    );
    expect(container.id).not.toBe(leftover);
    expect(docker("exec", "try-e-service", "cat", "/data/file")).toBe("kept");
    expect(said.filter((line) => line.includes("left by an interrupted run"))).toHaveLength(3);
  });

  test("is found by its name and label, and by nothing else", async () => {
    docker("network", "create", "--label", `cdc.stack=${STACK}`, "try-e-network");
    docker("volume", "create", "--label", `cdc.stack=${STACK}`, "try-e-data");
    docker("create", "--name", "try-e-service", "--label", `cdc.stack=${STACK}`, BASE, "true");
    docker("create", "--name", "try-e-stranger", BASE, "true");
    const find = (of: ResourceProvider, name: string) =>
      of.find?.({ urn: urnOf("x"), inputs: { name, image, labels: LABELS } });
    expect((await find(networks, "try-e-network"))?.id).toMatch(/^[0-9a-f]{64}$/);
    expect((await find(volumes, "try-e-data"))?.id).toBe("try-e-data");
    expect((await find(containers, "try-e-service"))?.id).toMatch(/^[0-9a-f]{64}$/);
    expect(await find(containers, "try-e-stranger")).toBeUndefined();
    expect(await find(containers, "try-e-none")).toBeUndefined();
  });

  test("is left alone when it belongs to somebody else", async () => {
    docker("run", "-d", "--name", "try-e-stranger", "--label", "cdc.stack=other", BASE, "sleep", "60");
    await expect(create(containers, "service", small("try-e-stranger", SERVING))).rejects.toThrow(
      'a container named "try-e-stranger" exists already, and it belongs to stack "other"',
    );
    expect(docker("inspect", "--format", "{{.State.Running}}", "try-e-stranger")).toBe("true");
  });
});

describe("an image", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "try-e-image-"));
  const tag = "try-e/image:test";
  afterAll(() => {
    rmSync(folder, { recursive: true });
    execFileSync("docker", ["rmi", "-f", tag], { stdio: "ignore" });
    docker("image", "prune", "-f", "--filter", `label=cdc.stack=${STACK}`);
  });

  const inputsOf = (args: Properties = {}): Properties => ({
    imageName: tag,
    skipPush: true,
    buildOnPreview: false,
    build: {
      context: folder,
      dockerfile: path.join(folder, "Dockerfile"),
      args,
      builderVersion: "BuilderV1",
      platform: `linux/${process.arch === "arm64" ? "arm64" : "amd64"}`,
    },
  });
  const writeDockerfile = (run: string) =>
    writeFileSync(
      path.join(folder, "Dockerfile"),
      `ARG BASE_IMAGE\nFROM \${BASE_IMAGE}\nLABEL cdc.stack=${STACK}\nARG GREETING\nCOPY . /context\nRUN ${run}\n`,
    );
  const args = { BASE_IMAGE: image, GREETING: "hello" };

  async function nextDiff(created: Created, args: Properties) {
    const checked = await images.check?.({ urn: urnOf("image"), newInputs: inputsOf(args) });
    return diffAfterRefresh(images, created, checked?.inputs);
  }

  test("is built with its steps shown, again when a file or argument changes, and only then", async () => {
    mkdirSync(path.join(folder, "etc"));
    writeFileSync(path.join(folder, "etc/file"), "one");
    writeFileSync(path.join(folder, "notes.md"), "ignored");
    writeFileSync(path.join(folder, ".dockerignore"), "*.md\n");
    writeDockerfile('echo "$GREETING" > /greeting');
    const built = await create(images, "image", inputsOf(args));
    expect(built.outputs.repoDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(built.outputs.baseImageName).toBe(tag);
    expect(said).toContain('Step 6/6 : RUN echo "$GREETING" > /greeting');
    const show = (script: string) =>
      docker("run", "--rm", String(built.outputs.repoDigest), "sh", "-c", script);
    expect(show("cat /greeting; ls /context")).toBe("hello\nDockerfile\netc");

    expect(await nextDiff(built, args)).toMatchObject({ changed: [] });
    await expectRecordedAsItIs(images, built);
    expect(await nextDiff(built, { ...args, GREETING: "bye" })).toMatchObject({
      changed: ["build"],
      replaces: [],
    });
    writeFileSync(path.join(folder, "notes.md"), "changed, and ignored");
    expect(await nextDiff(built, args)).toMatchObject({ changed: [] });

    // A clone elsewhere has the same digest, and Docker's cache gives the same image.
    const clone = mkdtempSync(path.join(tmpdir(), "try-e-clone-"));
    cpSync(folder, clone, { recursive: true });
    const original = inputsOf(args);
    const moved = {
      ...original,
      build: { ...(original.build as object), context: clone, dockerfile: path.join(clone, "Dockerfile") },
    };
    const again = await create(images, "image", moved);
    rmSync(clone, { recursive: true });
    expect(again.outputs.repoDigest).toBe(built.outputs.repoDigest);

    writeFileSync(path.join(folder, "etc/file"), "two");
    expect(await nextDiff(built, args)).toMatchObject({ changed: ["build"] });
  });

  test("shows as changed when its tag was moved or removed, and as gone when it is", async () => {
    writeDockerfile("echo built by us");
    const built = await create(images, "image", inputsOf(args));
    docker("tag", BASE, tag);
    expect(await nextDiff(built, args)).toMatchObject({ changed: ["build"], replaces: [] });
    docker("tag", String(built.outputs.repoDigest), tag);
    expect(await nextDiff(built, args)).toMatchObject({ changed: [] });
    docker("rmi", tag);
    expect(await nextDiff(built, args)).toBe("gone");
  });

  test("fails with the step and its last output", async () => {
    writeDockerfile("echo missing dependency >&2; exit 9");
    const failed = create(images, "image", inputsOf(args));
    await expect(failed).rejects.toThrow(
      /Step 6\/6 : RUN echo missing.*\n {2}missing dependency\n.*returned a non-zero code: 9/,
    );
  });

  test("taken as it is needs no registry when it is here, and says what to do when it is not", async () => {
    const taken = await create(remoteImages, "base", { name: BASE, keepLocally: true });
    expect(taken.outputs.imageId).toBe(image);
    expect(await diffAfterRefresh(remoteImages, taken)).toMatchObject({ changed: [] });
    await expectRecordedAsItIs(remoteImages, taken);
    await remove(remoteImages, taken);
    expect(docker("image", "inspect", "--format", "{{.Id}}", BASE)).toBe(image);
    await expect(create(remoteImages, "none", { name: "localhost:1/try-e/none:1" })).rejects.toThrow(
      /image localhost:1\/try-e\/none:1 is not on this machine and cannot be pulled/,
    );
  });
});

test("without Docker there is one message that says where it was looked for and what to do", async () => {
  const nowhere = dockerPackage({ host: "unix:///tmp/try-e-no-such.sock" });
  const failed = nowhere
    .resource("docker:index/network:Network")
    ?.create({ urn: urnOf("x"), inputs: { name: "try-e-x" }, progress });
  await expect(failed).rejects.toThrow(
    /Docker does not answer at \/tmp\/try-e-no-such.sock \(ENOENT\).*npm run setup/,
  );
});
