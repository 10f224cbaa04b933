import type Docker from "dockerode";
import { STACK_LABEL } from "../../../labels";
import { dockerMessage } from "./connection";

/** The host port Docker could not publish, as its message names it. */
export function takenPort(message: string): number | undefined {
  const match =
    /Bind for \S*?:(\d+) failed: port is already allocated/.exec(message) ??
    /listen (?:tcp|udp)\d? \S*?:(\d+): bind: address already in use/.exec(message) ??
    /failed to bind host port .*?:(\d+)\b.*address already in use/.exec(message);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

export interface PortConflict {
  service: string;
  port: number;
  /** Who holds the port; undefined when it is no container. */
  holder?: { container: string; stack?: string };
  project: string;
  stack: string;
}

export function portConflictText({ service, port, holder, project, stack }: PortConflict): string {
  const who =
    holder === undefined
      ? `another program of this machine (ss -ltnp 'sport = :${port}' shows which)`
      : `container ${holder.container}${holder.stack === undefined ? "" : ` of stack "${holder.stack}"`}`;
  return `${service} cannot publish port ${port} on this machine: ${who} holds it. Stop that, or move all ports of this stack: pulumi config set portOffset 10000 (without the CLI: "${project}:portOffset: 10000" in Pulumi.${stack}.yaml).`;
}

/** Finds out which port a failed start was about and who holds it; undefined when it failed for another reason. */
export async function portConflict(
  docker: Docker,
  error: unknown,
): Promise<Pick<PortConflict, "port" | "holder"> | undefined> {
  const port = takenPort(dockerMessage(error));
  if (port === undefined) return undefined;
  const containers = await docker.listContainers();
  const holder = containers.find(({ Ports }) => Ports.some(({ PublicPort }) => PublicPort === port));
  return {
    port,
    holder: holder && {
      container: holder.Names[0]?.slice(1) ?? holder.Id,
      stack: holder.Labels[STACK_LABEL],
    },
  };
}
