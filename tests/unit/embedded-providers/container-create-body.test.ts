import { describe, expect, test } from "vitest";
import {
  createBody,
  furtherNetworks,
  updateBody,
} from "../../../embedded/providers/docker/container-create-body";
import { durationNanoseconds } from "../../../embedded/providers/docker/duration";

const MB = 1024 * 1024;
const minimal = { name: "kafka", image: "sha256:1" };

describe("the container Docker is asked for", () => {
  test("has the inputs in Docker's own terms", () => {
    const body = createBody({
      ...minimal,
      entrypoints: ["/bin/tini", "--"],
      command: ["run"],
      envs: ["A=1"],
      labels: [{ label: "cdc.stack", value: "dev" }],
      ports: [
        { internal: 9092, external: 29092, ip: "127.0.0.1" },
        { internal: 53, external: 53, protocol: "udp" },
      ],
      volumes: [
        { volumeName: "kafka-data", containerPath: "/var/lib/kafka" },
        { hostPath: "/etc/hosts", containerPath: "/hosts", readOnly: true },
      ],
      memory: 512,
      memorySwap: 512,
      shmSize: 64,
      restart: "unless-stopped",
      capabilities: { drops: ["ALL"] },
      logOpts: { "max-size": "10m" },
      ulimits: [{ name: "nofile", soft: 1024, hard: 2048 }],
      hosts: [{ host: "db", ip: "10.0.0.1" }],
    });
    expect(body).toMatchObject({
      name: "kafka",
      Image: "sha256:1",
      Entrypoint: ["/bin/tini", "--"],
      Cmd: ["run"],
      Env: ["A=1"],
      Labels: { "cdc.stack": "dev" },
      ExposedPorts: { "9092/tcp": {}, "53/udp": {} },
      HostConfig: {
        PortBindings: {
          "9092/tcp": [{ HostIp: "127.0.0.1", HostPort: "29092" }],
          "53/udp": [{ HostIp: "0.0.0.0", HostPort: "53" }],
        },
        Binds: ["kafka-data:/var/lib/kafka:rw", "/etc/hosts:/hosts:ro"],
        Memory: 512 * MB,
        MemorySwap: 512 * MB,
        ShmSize: 64 * MB,
        RestartPolicy: { Name: "unless-stopped", MaximumRetryCount: 0 },
        CapDrop: ["ALL"],
        LogConfig: { Type: "json-file", Config: { "max-size": "10m" } },
        Ulimits: [{ Name: "nofile", Soft: 1024, Hard: 2048 }],
        ExtraHosts: ["db:10.0.0.1"],
      },
    });
  });

  test("starts in its first network, and is connected to the others", () => {
    const inputs = { ...minimal, networksAdvanced: [{ name: "one", aliases: ["kafka"] }, { name: "two" }] };
    expect(createBody(inputs)).toMatchObject({
      HostConfig: { NetworkMode: "one" },
      NetworkingConfig: { EndpointsConfig: { one: { Aliases: ["kafka"] } } },
    });
    expect(furtherNetworks(inputs).map(({ name }) => name)).toEqual(["two"]);
    expect(createBody(minimal)).toMatchObject({ HostConfig: { NetworkMode: "bridge" } });
  });

  test("has a health check in nanoseconds", () => {
    const { Healthcheck: healthcheck } = createBody({
      ...minimal,
      healthcheck: {
        tests: ["CMD", "x"],
        interval: "3s",
        timeout: "500ms",
        startPeriod: "1m30s",
        retries: 20,
      },
    });
    expect(healthcheck).toMatchObject({ Interval: 3e9, Timeout: 5e8, StartPeriod: 90e9, Retries: 20 });
    expect(["1.5s", "2h", "", "3", "x"].map(durationNanoseconds)).toEqual([
      1.5e9,
      7200e9,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("takes its swap limit along when its memory changes", () => {
    expect(updateBody({ ...minimal, memory: 100 })).toMatchObject({ Memory: 100 * MB, MemorySwap: 200 * MB });
    expect(updateBody({ ...minimal, memory: 100, memorySwap: -1 })).toMatchObject({ MemorySwap: -1 });
  });
});
