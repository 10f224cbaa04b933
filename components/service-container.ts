/** The rules that every container of the platform follows, in one place. */
import { createHash } from "node:crypto";
import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { SERVICE_LABEL } from "../labels";
import { pacedHealthcheck } from "./paced-healthcheck";
import type { Platform } from "./platform";

/** What every service is given. */
export interface ServiceArgs {
  platform: Platform;
  network: pulumi.Input<string>;
  /** Id of the image: a rebuilt image has another id, and so replaces the container. */
  image: pulumi.Input<string>;
}

export interface ServiceContainerArgs extends ServiceArgs {
  /** Name of the service inside the network. */
  service: string;
  /** Memory limit in MB. */
  memory: number;
  /** Share of the processor when others want it too. Default: Docker's 1024. */
  cpuShares?: number;
  /** Ports published on this machine. */
  ports?: docker.types.input.ContainerPort[];
  /** `KEY=value`. */
  envs?: pulumi.Input<string>[];
  command?: pulumi.Input<string>[];
  /** Files put into the container before it starts. */
  uploads?: docker.types.input.ContainerUpload[];
  /** Where the named volume with the service's data goes. */
  data?: { volume: pulumi.Input<string>; path: string };
  /** Arguments of the image's own health check. */
  healthcheckArguments?: string[];
  /**
   * Nothing in the container can be written but its volume and these folders in memory, each with its mount options. Not together with
   * `uploads`: Docker puts files into no file system that is read-only.
   */
  readOnly?: { tmpfs: Record<string, string> };
  /** Shared memory in MB; Docker's default is 64. */
  shmSize?: number;
  /** Seconds the service may take to stop by itself before it is killed. Default: 30. */
  stopSeconds?: number;
  /** Seconds the service may take to become usable. Default: 180. */
  startSeconds?: number;
}

/**
 * Declares a service's container: usable (healthy) before anything that depends on it starts, restarted after
 * a crash, stopped gracefully, without privileges, within a memory limit, its ports on the stack's bind address.
 */
export function serviceContainer(
  name: string,
  args: ServiceContainerArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const { platform, service } = args;
  const stopSeconds = args.stopSeconds ?? 30;
  const healthcheck = pacedHealthcheck(["/usr/local/bin/healthcheck", ...(args.healthcheckArguments ?? [])]);
  const container = new docker.Container(
    name,
    {
      name: platform.containerName(service),
      hostname: service,
      image: args.image,
      command: args.command,
      // One arena a thread, which is what malloc would make, costs each JVM tens of megabytes.
      envs: ["MALLOC_ARENA_MAX=2", ...(args.envs ?? [])],
      networksAdvanced: [{ name: args.network, aliases: [service] }],
      ports: args.ports,
      uploads: args.uploads,
      volumes: args.data && [{ volumeName: args.data.volume, containerPath: args.data.path }],
      memory: args.memory,
      memorySwap: args.memory,
      cpuShares: args.cpuShares,
      shmSize: args.shmSize,
      restart: "unless-stopped",
      healthcheck,
      wait: true,
      waitTimeout: args.startSeconds ?? 180,
      destroyGraceSeconds: stopSeconds,
      stopTimeout: stopSeconds,
      readOnly: args.readOnly && true,
      tmpfs: args.readOnly?.tmpfs,
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3" },
      labels: [
        ...platform.labels(),
        { label: SERVICE_LABEL, value: service },
        // The docker provider cannot change a health check in place and does not replace for it; a label it does.
        { label: "cdc.healthcheck", value: digest(JSON.stringify(healthcheck)) },
      ],
    },
    { ...opts, deleteBeforeReplace: true },
  );
  platform.add(container);
  return container;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
