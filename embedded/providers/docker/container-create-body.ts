import type Docker from "dockerode";
import type { ContainerInputs } from "./container-inputs";
import { durationNanoseconds } from "./duration";
import { labelMap } from "./labels";

const MEGABYTE = 1024 * 1024;

/**
 * The body of Docker's "create container" request. It attaches the container to its first network only, all
 * that Docker before API 1.44 allows: see {@link furtherNetworks}.
 */
export function createBody(inputs: ContainerInputs): Docker.ContainerCreateOptions {
  const [first] = inputs.networksAdvanced ?? [];
  return {
    name: inputs.name,
    Image: inputs.image,
    Cmd: inputs.command,
    Entrypoint: inputs.entrypoints,
    Env: inputs.envs,
    User: inputs.user,
    Hostname: inputs.hostname,
    Domainname: inputs.domainname,
    WorkingDir: inputs.workingDir,
    Labels: labelMap(inputs.labels),
    StopSignal: inputs.stopSignal,
    StopTimeout: inputs.stopTimeout,
    Tty: inputs.tty,
    OpenStdin: inputs.stdinOpen,
    ExposedPorts: Object.fromEntries((inputs.ports ?? []).map((port) => [portKey(port), {}])),
    Healthcheck: inputs.healthcheck && healthConfig(inputs.healthcheck),
    HostConfig: hostConfig(inputs, first?.name),
    NetworkingConfig: first && { EndpointsConfig: { [first.name]: endpointConfig(first) } },
  };
}

type NetworkAttachment = NonNullable<ContainerInputs["networksAdvanced"]>[number];

/** The networks to connect to between create and start. */
export function furtherNetworks(
  inputs: ContainerInputs,
): { name: string; endpoint: Docker.EndpointSettings }[] {
  return (inputs.networksAdvanced ?? [])
    .slice(1)
    .map((network) => ({ name: network.name, endpoint: endpointConfig(network) }));
}

/** The body of Docker's "update container" request: everything that can change while the container lives. */
export function updateBody(inputs: ContainerInputs): object {
  return { ...resources(inputs), RestartPolicy: restartPolicy(inputs) };
}

function hostConfig(inputs: ContainerInputs, firstNetwork: string | undefined): Docker.HostConfig {
  return {
    ...resources(inputs),
    RestartPolicy: restartPolicy(inputs),
    NetworkMode: firstNetwork ?? inputs.networkMode ?? "bridge",
    PortBindings: portBindings(inputs),
    Binds: inputs.volumes?.map(bind),
    Tmpfs: inputs.tmpfs,
    ExtraHosts: inputs.hosts?.map(({ host, ip }) => `${host}:${ip}`),
    Dns: inputs.dns,
    CapAdd: inputs.capabilities?.adds,
    CapDrop: inputs.capabilities?.drops,
    SecurityOpt: inputs.securityOpts,
    GroupAdd: inputs.groupAdds,
    ReadonlyRootfs: inputs.readOnly,
    Privileged: inputs.privileged,
    Init: inputs.init,
    ShmSize: inputs.shmSize === undefined ? undefined : inputs.shmSize * MEGABYTE,
    Ulimits: inputs.ulimits?.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    Sysctls: inputs.sysctls,
    LogConfig:
      inputs.logDriver === undefined && inputs.logOpts === undefined
        ? undefined
        : { Type: inputs.logDriver ?? "json-file", Config: inputs.logOpts ?? {} },
  };
}

function resources(inputs: ContainerInputs) {
  return {
    Memory: (inputs.memory ?? 0) * MEGABYTE,
    MemorySwap: memorySwap(inputs),
    MemoryReservation: (inputs.memoryReservation ?? 0) * MEGABYTE,
    CpuShares: inputs.cpuShares ?? 0,
    CpusetCpus: inputs.cpuSet ?? "",
    NanoCpus: Math.round(Number(inputs.cpus ?? 0) * 1e9),
  };
}

/** Without one Docker allows as much swap again; said here so that a changed `memory` takes it along. */
function memorySwap({ memory, memorySwap }: ContainerInputs): number {
  if (memorySwap === undefined) return (memory ?? 0) * 2 * MEGABYTE;
  return memorySwap < 0 ? memorySwap : memorySwap * MEGABYTE;
}

function restartPolicy({ restart, maxRetryCount }: ContainerInputs): Docker.HostRestartPolicy {
  return { Name: restart ?? "no", MaximumRetryCount: maxRetryCount ?? 0 };
}

type Port = NonNullable<ContainerInputs["ports"]>[number];

function portKey({ internal, protocol }: Port): string {
  return `${internal}/${protocol ?? "tcp"}`;
}

function portBindings({ ports }: ContainerInputs): Docker.PortMap {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports ?? []) {
    const key = portKey(port);
    bindings[key] ??= [];
    bindings[key].push({
      HostIp: port.ip ?? "0.0.0.0",
      HostPort: port.external === undefined ? "" : String(port.external),
    });
  }
  return bindings;
}

type Volume = NonNullable<ContainerInputs["volumes"]>[number];

function bind({ hostPath, volumeName, containerPath, readOnly }: Volume): string {
  const source = hostPath ?? volumeName;
  const mode = readOnly === true ? "ro" : "rw";
  return source === undefined ? containerPath : `${source}:${containerPath}:${mode}`;
}

function endpointConfig({ aliases }: NetworkAttachment): Docker.EndpointSettings {
  return { Aliases: aliases };
}

function healthConfig(healthcheck: NonNullable<ContainerInputs["healthcheck"]>): Docker.HealthConfig {
  const nanoseconds = (text: string | undefined) =>
    text === undefined ? undefined : durationNanoseconds(text);
  return {
    Test: healthcheck.tests,
    Interval: nanoseconds(healthcheck.interval),
    Timeout: nanoseconds(healthcheck.timeout),
    StartPeriod: nanoseconds(healthcheck.startPeriod),
    StartInterval: nanoseconds(healthcheck.startInterval),
    Retries: healthcheck.retries,
  };
}
