/**
 * What the embedded docker provider carries, held against the package's own typings: a new version of the package with another property
 * fails here until somebody has said what becomes of it.
 */
import * as fs from "node:fs";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { containerDiff } from "../../../embedded/providers/docker/container-diff";
import { containerInputs } from "../../../embedded/providers/docker/container-inputs";
import { imageInputs } from "../../../embedded/providers/docker/image";
import { networkInputs } from "../../../embedded/providers/docker/network";
import { remoteImageInputs } from "../../../embedded/providers/docker/remote-image";
import { volumeInputs } from "../../../embedded/providers/docker/volume";

const PACKAGE = "node_modules/@pulumi/docker";

/** Names of an interface's properties. */
function declared(file: string, name: string): string[] {
  const [, body = ""] = new RegExp(`export interface ${name} \\{\\n([\\s\\S]*?)\\n\\s*\\}\\n`).exec(
    fs.readFileSync(`${PACKAGE}/${file}`, "utf8"),
  ) ?? [undefined, undefined];
  return [...body.matchAll(/^\s+(\w+)\??: /gm)].map(([, property = ""]) => property);
}

const words = (text: string): string[] => text.trim().split(/\s+/).filter(Boolean);

/** Resource, where its typings are, what is carried, and what is refused. */
const RESOURCES: [name: string, file: string, carried: z.ZodObject, refused: string][] = [
  [
    "ContainerArgs",
    "container.d.ts",
    containerInputs,
    `attach cgroupParent cgroupnsMode cpuPeriod cpuQuota deviceCgroupRules deviceReadBps deviceReadIops deviceRequests deviceWriteBps
    deviceWriteIops devices dnsOpts dnsSearches gpus ipcMode logs mounts pidMode platform publishAllPorts rm runtime storageOpts usernsMode`,
  ],
  [
    "NetworkArgs",
    "network.d.ts",
    networkInputs,
    "attachable ingress ipamConfigs ipamDriver ipamOptions ipv6",
  ],
  ["VolumeArgs", "volume.d.ts", volumeInputs, "cluster"],
  ["ImageArgs", "image.d.ts", imageInputs, "registry"],
  ["RemoteImageArgs", "remoteImage.d.ts", remoteImageInputs, "build forceRemove"],
];

describe("properties of the docker package", () => {
  it.each(RESOURCES)("%s: each is carried or refused", (name, file, carried, refused) => {
    expect([...Object.keys(carried.shape), ...words(refused)].sort()).toEqual(declared(file, name).sort());
  });
});

/** A container's own lists and objects. */
const PARTS: [name: string, property: string, refused: string][] = [
  ["ContainerCapabilities", "capabilities", ""],
  ["ContainerHealthcheck", "healthcheck", ""],
  ["ContainerHost", "hosts", ""],
  [
    "ContainerNetworksAdvanced",
    "networksAdvanced",
    "driverOpts gwPriority ipv4Address ipv6Address linkLocalIps macAddress",
  ],
  ["ContainerPort", "ports", ""],
  ["ContainerUlimit", "ulimits", ""],
  ["ContainerUpload", "uploads", "group owner"],
  ["ContainerVolume", "volumes", "fromContainer selinuxRelabel"],
];

/** Below what may be missing, lists, and rules about the whole. */
function partsOf(schema: unknown): string[] {
  let inner = schema as { shape?: object; element?: unknown; unwrap?: () => unknown };
  while (!inner.shape) inner = (inner.element ?? inner.unwrap?.()) as typeof inner;
  return Object.keys(inner.shape);
}

describe("parts of a container", () => {
  it.each(PARTS)("%s: each is carried or refused", (name, property, refused) => {
    const carried = partsOf(containerInputs.shape[property as keyof typeof containerInputs.shape]);
    expect([...carried, ...words(refused)].sort()).toEqual(declared("types/input.d.ts", name).sort());
  });
});

it("a change of a container's property makes another container, but for these", () => {
  const inPlace = Object.keys(containerInputs.shape).filter((name) => {
    const { changed, replaces } = containerDiff({ [name]: "a" }, {}, { [name]: "b" });
    expect(changed, name).toEqual([name]);
    return replaces?.length === 0;
  });
  expect(inPlace.sort()).toEqual(
    words(`containerReadRefreshTimeoutMilliseconds cpuSet cpuShares destroyGraceSeconds maxRetryCount memory memoryReservation memorySwap
    removeVolumes restart start wait waitTimeout`),
  );
});
