/** Runs the real program (index.ts) under Pulumi's mocks and hands out what it registered. */
import * as fs from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { parse } from "yaml";

// biome-ignore-start lint/suspicious/noExplicitAny: the inputs of any resource, looked at by the tests.
export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, any>;
  /** Names of resources that have to exist before it. */
  dependsOn: string[];
  parent: string;
  /** Whether the old one goes before a new one in its place is made; undefined where the provider decides. */
  deleteBeforeReplace: boolean | undefined;
  /** The resource with which it goes, without a delete of its own. */
  deletedWith: string;
}

export interface Program {
  resources: Registered[];
  outputs: Record<string, unknown>;
  /** The one resource of a name. */
  named(name: string): Registered;
  /** Resources of a type such as `docker:index/container:Container`. */
  ofType(type: string): Registered[];
}

const PROJECT = "cdc";

/** Defaults of Pulumi.yaml, as the engine hands them to the program. */
function defaults(): Record<string, string> {
  const declared = parse(fs.readFileSync("Pulumi.yaml", "utf8")).config as Record<
    string,
    { default: unknown }
  >;
  return Object.fromEntries(
    Object.entries(declared).map(([key, { default: value }]) => [
      `${PROJECT}:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/**
 * @param config values that replace the defaults, without the project's prefix; the passwords are the walkthrough's
 */
export async function runProgram(stack: string, config: Record<string, string> = {}): Promise<Program> {
  vi.resetModules();
  const sdk: typeof pulumi = await import("@pulumi/pulumi");
  const { MockMonitor } = await import("@pulumi/pulumi/runtime/mocks");
  const resources: Registered[] = [];

  vi.restoreAllMocks();
  // Whatever the machine's own choice is.
  vi.stubEnv("DOCKER_CONTEXT", "default");
  const register = MockMonitor.prototype.registerResource;
  vi.spyOn(MockMonitor.prototype, "registerResource").mockImplementation(async function (
    this: any,
    request,
    answer,
  ) {
    resources.push({
      type: request.getType(),
      name: request.getName(),
      inputs: request.getObject()?.toJavaScript() ?? {},
      dependsOn: request.getDependenciesList().map(nameOf),
      parent: nameOf(request.getParent()),
      deleteBeforeReplace: request.getDeletebeforereplacedefined()
        ? request.getDeletebeforereplace()
        : undefined,
      deletedWith: nameOf(request.getDeletedwith()),
    });
    return register.call(this, request, answer);
  });
  sdk.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const id = type === "docker:index/image:Image" ? `sha256:${name}` : `${name}-id`;
        return { id, state: { ...inputs, repoDigest: id } };
      },
      call: ({ inputs }) => inputs,
    },
    PROJECT,
    stack,
    false,
  );
  const set = Object.fromEntries(Object.entries(config).map(([key, value]) => [`${PROJECT}:${key}`, value]));
  sdk.runtime.setAllConfig({ ...defaults(), [`${PROJECT}:walkthroughPasswords`]: "true", ...set });
  const outputs = (await import("../../../index")) as Record<string, unknown>;
  await sdk.runtime.disconnect();
  return {
    resources,
    outputs,
    named(name) {
      const found = resources.find((resource) => resource.name === name);
      if (!found)
        throw new Error(`no resource ${name}; there are ${resources.map((r) => r.name).join(", ")}`);
      return found;
    },
    ofType: (type) => resources.filter((resource) => resource.type === type),
  };
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}
// biome-ignore-end lint/suspicious/noExplicitAny: see above
