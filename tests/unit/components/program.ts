/** Runs the real program (index.ts) under Pulumi's mocks and hands out what it registered. */
import * as fs from "node:fs";
import { vi } from "vitest";
import { parse } from "yaml";
import { type Registered, type RegisteredProgram, registeredProgram } from "../../../tools/graph/program";

export type { Registered };

export interface Program extends RegisteredProgram {
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
  // Loading is what runs it: each time anew.
  vi.resetModules();
  // Whatever the machine's own choice is.
  vi.stubEnv("DOCKER_CONTEXT", "default");
  const set = Object.fromEntries(Object.entries(config).map(([key, value]) => [`${PROJECT}:${key}`, value]));
  const { resources, outputs } = await registeredProgram(
    PROJECT,
    stack,
    { ...defaults(), [`${PROJECT}:walkthroughPasswords`]: "true", ...set },
    async () => {
      // vitest's own: index.ts has no default export.
      const { default: _, ...outputs }: Record<string, unknown> = await import("../../../index");
      return outputs;
    },
  );
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
