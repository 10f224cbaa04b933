/** A stack of the test program, with its state and its boxes in a directory of its own. */
import { mkdtempSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EngineOptions, type RunResult, runEngine } from "../../../embedded/engine";
import { boxPackage } from "./box-package";
import type { Described } from "./described";
import { programInProcess } from "./program-in-process";

export function box(
  name: string,
  inputs: Described["inputs"] = {},
  options: Described["options"] = {},
): Described {
  return { kind: "box", name, inputs, options };
}

export interface Scenario {
  resources?: Described[];
  outputs?: Record<string, unknown>;
  throws?: boolean;
}

export const PROGRAM_DIR = join(__dirname, "programs/shop");
/** A passphrase and its salt from Pulumi's own tests; one for all, because deriving a key takes a while. */
export const PASSPHRASE = "password";
export const SALT = "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==";

export type Ran = RunResult & { lines: string[]; text: string };

export class StackUnderTest {
  readonly stateFile: string;
  readonly boxes: string;

  constructor(readonly directory = mkdtempSync(join(tmpdir(), "embedded-"))) {
    this.stateFile = join(directory, "state.json");
    this.boxes = join(directory, "boxes");
  }

  options(command: EngineOptions["command"], scenario: Scenario): Omit<EngineOptions, "display"> {
    const config: Record<string, string> = {
      "shop:resources": JSON.stringify(scenario.resources ?? []),
      "shop:outputs": JSON.stringify(scenario.outputs ?? {}),
      "shop:throws": String(scenario.throws ?? false),
    };
    return {
      command,
      projectDir: PROGRAM_DIR,
      project: { name: "shop" },
      stack: "test",
      config,
      secretConfigKeys: [],
      stateFile: this.stateFile,
      passphrase: PASSPHRASE,
      encryptionSalt: SALT,
      startProgram: programInProcess,
    };
  }

  /** @param more Options that differ; `startProgram: undefined` runs the program through the SDK. */
  async run(
    command: EngineOptions["command"],
    scenario: Scenario = {},
    more: Partial<EngineOptions> = {},
  ): Promise<Ran> {
    const lines: string[] = [];
    const result = await runEngine({
      ...this.options(command, scenario),
      loadPackage: boxPackage(this.boxes),
      display: { line: (text) => void lines.push(text) },
      ...more,
    });
    return { ...result, lines, text: lines.join("\n") };
  }

  up(resources: Described[], more: Partial<EngineOptions> = {}): Promise<Ran> {
    return this.run("up", { resources }, more);
  }

  preview(resources: Described[]): Promise<Ran> {
    return this.run("preview", { resources });
  }

  /** What the state holds, by the names of the resources. */
  async recorded(): Promise<Record<string, StateDocument["deployment"]["resources"][number]>> {
    const { deployment } = await this.state();
    return Object.fromEntries(deployment.resources.map((state) => [state.urn.split("::").at(-1), state]));
  }

  /** The steps that the boxes' provider took, in order. */
  async log(): Promise<string[]> {
    const text = await readFile(join(this.boxes, "log"), "utf8").catch(() => "");
    return text.split("\n").filter((line) => line !== "");
  }

  async clearLog(): Promise<void> {
    await rm(join(this.boxes, "log"), { force: true });
  }

  async boxNames(): Promise<string[]> {
    const files = await readdir(this.boxes).catch(() => []);
    return files
      .filter((file) => file.endsWith(".box"))
      .map((file) => file.slice(0, -".box".length))
      .sort();
  }

  async box(name: string): Promise<Record<string, unknown>> {
    return JSON.parse(await readFile(join(this.boxes, `${name}.box`), "utf8"));
  }

  /** Keeps every step of a box from ending. @returns Lets them end. */
  async hold(name: string): Promise<() => Promise<void>> {
    const file = join(this.boxes, `${name}.hold`);
    await mkdir(this.boxes, { recursive: true });
    await writeFile(file, "");
    return () => rm(file);
  }

  /** Puts something else into a box, behind the engine's back. */
  async setBox(name: string, content: Record<string, unknown>): Promise<void> {
    await mkdir(this.boxes, { recursive: true });
    await writeFile(join(this.boxes, `${name}.box`), JSON.stringify({ serial: 1, ...content }));
  }

  async state(): Promise<StateDocument> {
    return JSON.parse(await readFile(this.stateFile, "utf8"));
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

export interface StateDocument {
  version: number;
  deployment: {
    secrets_providers: { type: string; state: { salt: string } };
    resources: { urn: string; [key: string]: unknown }[];
    pending_operations: { type: string; resource: { urn: string } }[];
  };
}
