import type Docker from "dockerode";
import { describe, expect, test } from "vitest";
import { containerDiff } from "../../../embedded/providers/docker/container-diff";
import type { ContainerInputs } from "../../../embedded/providers/docker/container-inputs";
import { liveInputs, outputsOf } from "../../../embedded/providers/docker/container-live-state";

const MB = 1024 * 1024;
const inputs: ContainerInputs = {
  name: "kafka",
  image: "sha256:1",
  networksAdvanced: [{ name: "net", aliases: ["kafka"] }],
  ports: [{ internal: 9092, ip: "127.0.0.1" }],
  memory: 100,
  memorySwap: 100,
  restart: "unless-stopped",
};

function inspect(change: {
  state?: Partial<Docker.ContainerInspectInfo["State"]>;
  host?: Docker.HostConfig;
  networks?: object;
}): Docker.ContainerInspectInfo {
  const endpoint = {
    NetworkID: "n1",
    Aliases: ["kafka", "0123456789ab"],
    IPAddress: "172.18.0.2",
    IPPrefixLen: 16,
  };
  return {
    Name: "/kafka",
    State: { Status: "running", Running: true, Restarting: false, ExitCode: 0, ...change.state },
    Config: { Hostname: "kafka", Cmd: ["run"], Entrypoint: null },
    HostConfig: {
      Memory: 100 * MB,
      MemorySwap: 100 * MB,
      ShmSize: 64 * MB,
      RestartPolicy: { Name: "unless-stopped" },
      LogConfig: { Type: "json-file", Config: {} },
      ...change.host,
    },
    NetworkSettings: {
      Ports: { "9092/tcp": [{ HostIp: "127.0.0.1", HostPort: "49153" }] },
      Networks: change.networks ?? { net: endpoint },
    },
  } as unknown as Docker.ContainerInspectInfo;
}

const drift = (live: Docker.ContainerInspectInfo) =>
  containerDiff(liveInputs(inputs, live), outputsOf(inputs, live), inputs).changed;

describe("a live container", () => {
  test("that is as it was made shows no drift", () => {
    const live = inspect({});
    expect(liveInputs(inputs, live)).toEqual(inputs);
    expect(drift(live)).toEqual([]);
  });

  test.each<[string, Parameters<typeof inspect>[0], string[]]>([
    ["was stopped", { state: { Status: "exited", Running: false, ExitCode: 137 } }, ["mustRun"]],
    ["is unhealthy", { state: { Health: { Status: "unhealthy", FailingStreak: 3, Log: [] } } }, ["mustRun"]],
    ["is in a restart loop", { state: { Restarting: true } }, ["mustRun"]],
    ["is still starting", { state: { Health: { Status: "starting", FailingStreak: 0, Log: [] } } }, []],
    ["has other limits", { host: { Memory: 50 * MB, MemorySwap: -1 } }, ["memory", "memorySwap"]],
    ["has another restart policy", { host: { RestartPolicy: { Name: "" } } }, ["restart"]],
    ["lost its network", { networks: {} }, ["networksAdvanced"]],
    ["lost its alias", { networks: { net: { NetworkID: "n1", Aliases: null } } }, ["networksAdvanced"]],
  ])("that %s shows it", (_, change, changed) => {
    expect(drift(inspect(change))).toEqual(changed);
  });

  test("may name its network by id", () => {
    const byId = { ...inputs, networksAdvanced: [{ name: "n1", aliases: ["kafka"] }] };
    expect(liveInputs(byId, inspect({}))).toEqual(byId);
  });

  test("hands out its address, and the host port Docker chose where none was given", () => {
    expect(outputsOf(inputs, inspect({}))).toMatchObject({
      networkDatas: [{ networkName: "net", ipAddress: "172.18.0.2", ipPrefixLength: 16 }],
      ports: [{ internal: 9092, external: 49153, ip: "127.0.0.1", protocol: "tcp" }],
      hostname: "kafka",
    });
  });

  test("is recorded without undefined members, which a state document cannot hold", () => {
    const outputs = outputsOf(inputs, inspect({}));
    expect(JSON.parse(JSON.stringify(outputs))).toStrictEqual(outputs);
  });
});
