/**
 * The test program without the SDK and its process, which cost seconds a run: registers the same resources as
 * programs/shop/index.ts, each as soon as what it needs is there. program.test.ts runs the real one.
 */

import type { Goal, Registered } from "../../../embedded/goal";
import type { StartProgram } from "../../../embedded/program";
import { isObject, secret } from "../../../embedded/property-values";
import { type Properties, UNKNOWN } from "../../../embedded/provider";
import type { Described } from "./described";

const TYPES = {
  box: "box:index:Box",
  alien: "aliens:index:Alien",
  shelf: "shop:index:Shelf",
  provider: "pulumi:providers:box",
  note: "",
  found: "box:index:Box",
};

export const programInProcess: StartProgram = async ({ config, project, stack, preview, monitor }) => {
  const resources = JSON.parse(config["shop:resources"] ?? "[]") as Described[];
  const outputs = JSON.parse(config["shop:outputs"] ?? "{}") as Properties;

  async function run(): Promise<{ ok: boolean; error?: string }> {
    const root = await monitor.register(goal({ type: "pulumi:pulumi:Stack", name: `${project}-${stack}` }));
    const made = new Map<string, Promise<Registered & { inputs: Properties }>>();
    const find = (name: string) => made.get(name) ?? Promise.reject(new Error(`no resource ${name}`));

    async function resolve(value: unknown, dependencies: Set<string>): Promise<unknown> {
      if (Array.isArray(value)) {
        return Promise.all(value.map((element) => resolve(element, dependencies)));
      }
      if (!isObject(value)) {
        return value;
      }
      if ("$secret" in value) {
        return secret(await resolve(value.$secret, dependencies));
      }
      if ("$ref" in value) {
        const [name = "", property = ""] = String(value.$ref).split(".");
        const resource = await find(name);
        dependencies.add(resource.urn);
        return property === "id" ? resource.id || UNKNOWN : output(resource, property);
      }
      const entries = Object.entries(value).map(async ([key, element]) => [
        key,
        await resolve(element, dependencies),
      ]);
      return Object.fromEntries(await Promise.all(entries));
    }

    function output(resource: Registered & { inputs: Properties }, property: string): unknown {
      if (property in resource.outputs) {
        return resource.outputs[property];
      }
      return preview || resource.result !== "success" ? UNKNOWN : resource.inputs[property];
    }

    async function register(described: Described): Promise<Registered & { inputs: Properties }> {
      const { kind, name, options = {} } = described;
      if (kind === "found") {
        const id = String(described.inputs?.id);
        const { urn, outputs } = await monitor.read({
          ...{ type: TYPES.found, name, id, parent: root.urn, inputs: {} },
          ...{ dependencies: [], provider: "", version: "", additionalSecretOutputs: [] },
        });
        return { urn, id, outputs, result: "success", inputs: {} };
      }
      const dependencies = new Set<string>();
      const propertyDependencies: Record<string, string[]> = {};
      const inputs: Properties = {};
      for (const [property, value] of Object.entries(described.inputs ?? {})) {
        const needed = new Set<string>();
        inputs[property] = await resolve(value, needed);
        propertyDependencies[property] = [...needed];
      }
      for (const needed of await Promise.all((options.dependsOn ?? []).map(find))) {
        dependencies.add(needed.urn);
      }
      const provider = options.provider ? await find(options.provider) : undefined;
      const { parent, deletedWith, replaceWith, dependsOn: _, provider: __, ...rest } = options;
      const registered = await monitor.register(
        goal({
          ...rest,
          type: TYPES[kind],
          name,
          custom: kind !== "shelf",
          parent: parent ? (await find(parent)).urn : root.urn,
          inputs,
          dependencies: [...dependencies, ...Object.values(propertyDependencies).flat()],
          propertyDependencies,
          ...(provider && { provider: `${provider.urn}::${provider.id || UNKNOWN}` }),
          ...(deletedWith && { deletedWith: (await find(deletedWith)).urn }),
          ...(replaceWith && { replaceWith: [(await find(replaceWith)).urn] }),
        }),
      );
      return { ...registered, inputs };
    }

    for (const described of resources) {
      made.set(described.name, register(described));
    }
    await Promise.all(made.values());
    await monitor.setOutputs(root.urn, (await resolve(outputs, new Set())) as Properties);
    return config["shop:throws"] === "true" ? { ok: false, error: "the program is wrong" } : { ok: true };
  }

  return { ended: run(), stop: () => undefined };
};

function goal(wanted: Partial<Goal> & { type: string; name: string }): Goal {
  return {
    custom: false,
    parent: "",
    inputs: {},
    dependencies: [],
    propertyDependencies: {},
    provider: "",
    version: "",
    protect: undefined,
    retainOnDelete: undefined,
    deletedWith: "",
    replaceWith: [],
    deleteBeforeReplace: undefined,
    ignoreChanges: [],
    replaceOnChanges: [],
    additionalSecretOutputs: [],
    aliases: [],
    customTimeouts: { create: "", update: "", delete: "" },
    uncarriedOptions: [],
    ...wanted,
  };
}
