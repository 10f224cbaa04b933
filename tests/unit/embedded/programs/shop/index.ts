/** A program that registers what its configuration `shop:resources` lists; see stack-under-test.ts. */
import * as pulumi from "@pulumi/pulumi";
import type { Described } from "../../described";

type Value = pulumi.Input<unknown>;

class Box extends pulumi.CustomResource {
  constructor(name: string, inputs: Record<string, Value>, options: pulumi.CustomResourceOptions) {
    super("box:index:Box", name, { path: undefined, serial: undefined, ...inputs }, options);
  }
}

class FoundBox extends pulumi.CustomResource {
  constructor(name: string, inputs: Record<string, Value>, options: pulumi.CustomResourceOptions) {
    super(
      "box:index:Box",
      name,
      { path: undefined, serial: undefined },
      { ...options, id: String(inputs.id) },
    );
  }
}

class Alien extends pulumi.CustomResource {
  constructor(name: string, inputs: Record<string, Value>, options: pulumi.CustomResourceOptions) {
    super("aliens:index:Alien", name, inputs, options);
  }
}

class Shelf extends pulumi.ComponentResource {
  constructor(name: string, _inputs: Record<string, Value>, options: pulumi.ComponentResourceOptions) {
    super("shop:index:Shelf", name, {}, options);
    this.registerOutputs({ label: name });
  }
}

class BoxProvider extends pulumi.ProviderResource {
  constructor(name: string, inputs: Record<string, Value>, options: pulumi.ResourceOptions) {
    super("box", name, inputs, options);
  }
}

/** Keeps its resource in a file, as a service behind an API would. */
const dynamicProvider: pulumi.dynamic.ResourceProvider = {
  async check(_olds, news) {
    const failures = news.content === "forbidden" ? [{ property: "content", reason: "is forbidden" }] : [];
    return { inputs: news, failures };
  },
  async diff(_id, olds, news) {
    return {
      changes: olds.content !== news.content || olds.file !== news.file,
      replaces: olds.file !== news.file ? ["file"] : [],
      deleteBeforeReplace: true,
    };
  },
  async create(inputs) {
    require("node:fs").writeFileSync(inputs.file, String(inputs.content));
    if (inputs.content === "unwell") {
      throw Object.assign(new Error("it is unwell"), {
        id: inputs.file,
        properties: { ...inputs, length: 6 },
        reasons: ["it is unwell"],
      });
    }
    return { id: inputs.file, outs: { ...inputs, length: String(inputs.content).length } };
  },
  async read(id, properties) {
    const fs = require("node:fs");
    if (!fs.existsSync(id)) {
      return { id: "" };
    }
    const content = fs.readFileSync(id, "utf8");
    return {
      id,
      props: { ...properties, content, length: content.length },
      inputs: { ...properties, content },
    };
  },
  async update(id, _olds, news) {
    require("node:fs").writeFileSync(id, String(news.content));
    return { outs: { ...news, length: String(news.content).length } };
  },
  async delete(id) {
    require("node:fs").rmSync(id, { force: true });
  },
};

class Note extends pulumi.dynamic.Resource {
  constructor(name: string, inputs: Record<string, Value>, options: pulumi.CustomResourceOptions) {
    super(dynamicProvider, name, { length: undefined, ...inputs }, options, "shop", "Note");
  }
}

const KINDS = { box: Box, alien: Alien, shelf: Shelf, provider: BoxProvider, note: Note, found: FoundBox };

const config = new pulumi.Config();
const made: Record<string, pulumi.Resource> = {};

/** `{$ref: "a.path"}` is an output of a resource, `{$secret: x}` a secret. */
function resolve(value: unknown): Value {
  if (Array.isArray(value)) {
    return value.map(resolve);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if ("$ref" in value) {
    const [name = "", property = ""] = String(value.$ref).split(".");
    return (made[name] as unknown as Record<string, Value>)[property];
  }
  if ("$secret" in value) {
    return pulumi.secret(resolve(value.$secret));
  }
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, resolve(element)]));
}

for (const { kind, name, inputs, options } of config.requireObject<Described[]>("resources")) {
  const { dependsOn, parent, provider, deletedWith, replaceWith, ...rest } = options ?? {};
  made[name] = new KINDS[kind](name, resolve(inputs ?? {}) as Record<string, Value>, {
    ...rest,
    ...(dependsOn && { dependsOn: dependsOn.map((other) => made[other] as pulumi.Resource) }),
    ...(deletedWith && { deletedWith: made[deletedWith] }),
    ...(replaceWith && { replaceWith: [made[replaceWith] as pulumi.Resource] }),
    ...(parent && { parent: made[parent] }),
    ...(provider && { provider: made[provider] as pulumi.ProviderResource }),
  });
}

if (config.getBoolean("throws")) {
  throw new Error("the program is wrong");
}

module.exports = resolve(config.getObject("outputs") ?? {});
