import type Docker from "dockerode";
import type { Properties } from "../../provider";
import { presentOnly } from "../present-only";
import type { ContainerInputs } from "./container-inputs";

const MEGABYTE = 1024 * 1024;

/**
 * The tracked inputs as the live container has them. A container's image, environment, labels and ports never
 * change while it keeps its id, so only what Docker lets others change is looked at: whether it runs and is
 * healthy, its name, its networks, its limits and restart policy. Inputs the program leaves open stay open.
 */
export function liveInputs(inputs: ContainerInputs, live: Docker.ContainerInspectInfo): ContainerInputs {
  const { HostConfig: host } = live;
  return {
    ...inputs,
    name: live.Name.replace(/^\//, ""),
    ...(inputs.mustRun !== false && !isUsable(live) && { mustRun: false }),
    ...(inputs.networksAdvanced && { networksAdvanced: liveNetworks(inputs.networksAdvanced, live) }),
    ...(inputs.restart !== undefined && {
      restart: (host.RestartPolicy?.Name || "no") as typeof inputs.restart,
    }),
    ...(inputs.memory !== undefined && { memory: (host.Memory ?? 0) / MEGABYTE }),
    ...(inputs.memorySwap !== undefined && { memorySwap: swapMegabytes(host.MemorySwap ?? 0) }),
    ...(inputs.cpuShares !== undefined && { cpuShares: host.CpuShares ?? 0 }),
  };
}

/** Running and not (any more) unhealthy. */
export function isUsable({ State: state }: Docker.ContainerInspectInfo): boolean {
  return state.Running && !state.Restarting && state.Health?.Status !== "unhealthy";
}

/** What the container's outputs are in the state: its inputs and what Docker added. */
export function outputsOf(inputs: ContainerInputs, live: Docker.ContainerInspectInfo): Properties {
  const { Config: config, HostConfig: host, State: state, NetworkSettings: network } = live;
  return presentOnly({
    ...liveInputs(inputs, live),
    mustRun: inputs.mustRun !== false && isUsable(live),
    hostname: config.Hostname,
    command: config.Cmd ?? [],
    entrypoints: [config.Entrypoint ?? []].flat(),
    ipcMode: host.IpcMode,
    logDriver: host.LogConfig?.Type,
    runtime: host.Runtime,
    shmSize: (host.ShmSize ?? 0) / MEGABYTE,
    ports: publishedPorts(inputs.ports, network.Ports),
    networkDatas: Object.entries(network.Networks).map(([networkName, endpoint]) => ({
      networkName,
      ipAddress: endpoint.IPAddress,
      ipPrefixLength: endpoint.IPPrefixLen,
      gateway: endpoint.Gateway,
      macAddress: endpoint.MacAddress,
    })),
    ...(!state.Running && { exitCode: state.ExitCode }),
  });
}

/** Ports whose host side was left open get the one Docker chose. */
function publishedPorts(
  ports: ContainerInputs["ports"],
  live: Docker.ContainerInspectInfo["NetworkSettings"]["Ports"] | null,
): ContainerInputs["ports"] {
  return (ports ?? []).map((port) => {
    const protocol = port.protocol ?? "tcp";
    const chosen = live?.[`${port.internal}/${protocol}`]?.[0]?.HostPort;
    const external = port.external ?? (chosen ? Number(chosen) : undefined);
    return { ip: "0.0.0.0", ...port, protocol, ...(external !== undefined && { external }) };
  });
}

type Networks = NonNullable<ContainerInputs["networksAdvanced"]>;

/** Of the wanted networks and aliases those that are there. Docker adds names of its own to the aliases. */
function liveNetworks(wanted: Networks, live: Docker.ContainerInspectInfo): Networks {
  const attached = live.NetworkSettings.Networks;
  return wanted.flatMap(({ name, aliases }) => {
    const endpoint = attached[name] ?? Object.values(attached).find(({ NetworkID }) => NetworkID === name);
    if (endpoint === undefined) return [];
    if (aliases === undefined) return [{ name }];
    const known: string[] = endpoint.Aliases ?? [];
    return [{ name, aliases: aliases.filter((alias) => known.includes(alias)) }];
  });
}

function swapMegabytes(bytes: number): number {
  return bytes > 0 ? bytes / MEGABYTE : bytes;
}
