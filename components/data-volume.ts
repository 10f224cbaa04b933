import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { CHECKOUT_LABEL } from "../labels";
import type { Platform } from "./platform";

/** Declares the named volume that keeps a service's data when its container is replaced. */
export function dataVolume(
  name: string,
  platform: Platform,
  service: string,
  opts: pulumi.CustomResourceOptions,
): docker.Volume {
  return new docker.Volume(
    name,
    {
      name: platform.resourceName(`${service}-data`),
      // Known to the next checkout that takes the same stack name (cli/checks/ownership.ts).
      labels: [...platform.labels(), { label: CHECKOUT_LABEL, value: process.cwd() }],
    },
    // Any change of a volume replaces it and its data; the program never means that. A checkout may be moved, too.
    { ...opts, deleteBeforeReplace: true, ignoreChanges: ["labels", "driver", "driverOpts"] },
  );
}
