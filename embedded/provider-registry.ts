/** Finds the provider of a resource: by its type, and by the provider resource it refers to. */

import { DYNAMIC_PACKAGE } from "./dynamic-provider";
import { unwrapSecrets } from "./property-values";
import type { LoadPackage, Properties, ProviderPackage, ResourceProvider } from "./provider";
import { packageOf } from "./urn";

export class ProviderRegistry {
  private readonly configurations = new Map<string, Properties>();
  private readonly packages = new Map<string, Promise<ProviderPackage | undefined>>();

  constructor(
    private readonly loadPackage: LoadPackage,
    private readonly dynamic: ProviderPackage,
  ) {}

  /** Says with which inputs the provider resource `urn` is configured; this replaces what was said before. */
  configure(urn: string, inputs: Properties): void {
    const { version: _, ...configuration } = unwrapSecrets(inputs);
    this.configurations.set(urn, configuration);
    this.packages.delete(urn);
  }

  /** @throws An error naming the type when it is not carried. */
  async find(type: string, providerUrn: string): Promise<ResourceProvider> {
    const resource = (await this.load(packageOf(type), providerUrn))?.resource(type);
    if (resource === undefined) {
      throw new Error(
        `The embedded engine has no provider for the resource type '${type}': it carries only the types of ` +
          "docker, command and minio that this project uses, and dynamic resources. " +
          "Use the Pulumi CLI for anything else.",
      );
    }
    return resource;
  }

  private load(pkg: string, providerUrn: string): Promise<ProviderPackage | undefined> {
    if (pkg === DYNAMIC_PACKAGE) {
      return Promise.resolve(this.dynamic);
    }
    let loaded = this.packages.get(providerUrn);
    if (loaded === undefined) {
      loaded = this.loadPackage(pkg, this.configurations.get(providerUrn) ?? {});
      this.packages.set(providerUrn, loaded);
    }
    return loaded;
  }

  async close(): Promise<void> {
    const loaded = await Promise.allSettled([...this.packages.values(), this.dynamic]);
    await Promise.allSettled(
      loaded.map((result) => (result.status === "fulfilled" ? result.value?.close?.() : undefined)),
    );
  }
}
