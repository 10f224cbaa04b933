import type * as pulumi from "@pulumi/pulumi";

/** Folders of `providers/` whose `provider.ts` exports `provider`, a `pulumi.dynamic.ResourceProvider`. */
export type ProviderModule =
  | "kafka-connect"
  | "kafka-topics"
  | "lake-folder"
  | "minio-user"
  | "spark-application";

/**
 * What Pulumi serializes into the state for a dynamic resource: nothing but the name of a module. Each call
 * loads `providers/<module>/provider.ts` of the checkout it runs in, which is therefore an ordinary TypeScript
 * module, free to import anything.
 *
 * The text of this class is part of every such resource's inputs (`__provider`), and a delete runs the text
 * that is in the state. So it stays tiny, captures nothing but the string, and changes as rarely as possible:
 * new behaviour belongs in the module, not here.
 *
 * The process that calls it has the repository's root as its working directory.
 */
export class ModuleProvider implements pulumi.dynamic.ResourceProvider {
  constructor(private readonly module: ProviderModule) {}

  // biome-ignore-start lint/suspicious/noExplicitAny: Pulumi's own signatures say any.
  private load(): Required<Omit<pulumi.dynamic.ResourceProvider, "configure">> {
    // Not an import: it must be resolved where the provider runs, not where the program was serialized.
    return require("tsx/cjs/api").require(
      `./providers/${this.module}/provider.ts`,
      `${process.cwd()}/package.json`,
    ).provider;
  }

  async check(olds: any, news: any) {
    return this.load().check(olds, news);
  }

  async diff(id: string, olds: any, news: any) {
    return this.load().diff(id, olds, news);
  }

  async create(inputs: any) {
    return this.load().create(inputs);
  }

  async read(id: string, properties: any) {
    return this.load().read(id, properties);
  }

  async update(id: string, olds: any, news: any) {
    return this.load().update(id, olds, news);
  }

  async delete(id: string, properties: any) {
    return this.load().delete(id, properties);
  }
  // biome-ignore-end lint/suspicious/noExplicitAny: see above
}
