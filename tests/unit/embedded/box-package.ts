/** A provider package whose resources, boxes, are files of a directory: they outlive the engine that made them. */
import { existsSync } from "node:fs";
import { appendFile, mkdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
// A kill while a box is being written must not leave half of one: servers do not either.
import writeFileAtomic from "write-file-atomic";
import {
  type LoadPackage,
  PartialFailure,
  type Properties,
  type ResourceProvider,
  UNKNOWN,
} from "../../../embedded/provider";

/**
 * Inputs of a box: `label` and `content` are updated in place; `name`, when given, is the file's name and
 * changing it replaces the box, the old one first if `fixed`; `delay` (milliseconds) slows every step;
 * `fails` makes create fail, `unwell` makes it fail after the box is there.
 */
export function boxPackage(directory: string): LoadPackage {
  const log = (line: string) => appendFile(join(directory, "log"), `${line}\n`);
  const file = (id: string) => join(directory, `${id}.box`);
  const shortName = (urn: string) => urn.split("::").at(-1);

  const box: ResourceProvider = {
    async check({ newInputs }) {
      const failures =
        newInputs.content === "forbidden" ? [{ property: "content", reason: "is forbidden" }] : [];
      return { inputs: newInputs, failures };
    },
    async diff({ oldInputs, newInputs, oldOutputs }) {
      const names = new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)]);
      names.delete("delay");
      const changed = [...names].filter(
        (name) => JSON.stringify(oldInputs[name]) !== JSON.stringify(newInputs[name]),
      );
      const immovable = ["name", "holder"];
      return {
        changed,
        replaces: changed.filter((name) => immovable.includes(name)),
        deleteBeforeReplace: oldOutputs.fixed === true,
      };
    },
    async create({ urn, inputs, progress }) {
      const id = String(inputs.name ?? shortName(urn));
      await log(`create ${shortName(urn)} begins`);
      progress("building");
      if (inputs.fails) {
        throw new Error(`no room for ${id}`);
      }
      const serial = (await serialOf(id)) + 1;
      await writeFileAtomic(file(id), JSON.stringify({ ...inputs, serial }));
      await held(id);
      await sleep(Number(inputs.delay ?? 0));
      await log(`create ${shortName(urn)} ends`);
      const outputs = { ...inputs, path: file(id), serial };
      if (inputs.unwell) {
        throw new PartialFailure(`${id} is unwell`, id, outputs);
      }
      return { id, outputs };
    },
    async read({ id, inputs, outputs }) {
      const live = await readBox(id);
      if (live === undefined) {
        return undefined;
      }
      const { serial: _, ...liveInputs } = live;
      return { id, inputs: { ...inputs, ...liveInputs }, outputs: { ...outputs, ...live } };
    },
    async update({ urn, id, inputs }) {
      await log(`update ${shortName(urn)} begins`);
      await held(id);
      await sleep(Number(inputs.delay ?? 0));
      const serial = await serialOf(id);
      await writeFileAtomic(file(id), JSON.stringify({ ...inputs, serial }));
      await log(`update ${shortName(urn)} ends`);
      return { outputs: { ...inputs, path: file(id), serial } };
    },
    async delete({ urn, id, inputs }) {
      await log(`delete ${shortName(urn)} begins`);
      const live = await readBox(id);
      if (live?.stuck) {
        throw new Error(`${id} is in use`);
      }
      await held(id);
      await sleep(Number(inputs.delay ?? 0));
      await rm(file(id), { force: true });
      await log(`delete ${shortName(urn)} ends`);
    },
  };

  /** Waits while a file `<id>.hold` is there. */
  async function held(id: string): Promise<void> {
    while (existsSync(join(directory, `${id}.hold`))) {
      await sleep(10);
    }
  }

  async function readBox(id: string): Promise<Properties | undefined> {
    return stat(file(id)).then(
      async () => JSON.parse(await readFile(file(id), "utf8")) as Properties,
      () => undefined,
    );
  }

  async function serialOf(id: string): Promise<number> {
    return Number((await readBox(id))?.serial ?? 0);
  }

  return async (pkg, config) => {
    if (pkg !== "box") {
      return undefined;
    }
    await mkdir(directory, { recursive: true });
    if (config.shop !== undefined && config.shop !== UNKNOWN) {
      await log(`configured for ${config.shop}`);
    }
    return { resource: (type) => (type === "box:index:Box" ? box : undefined) };
  };
}
