import type * as pulumi from "@pulumi/pulumi";
import { withoutValues } from "../check-failures";
import { Folder, StoreUnreachable } from "./folder";
import { inputFailures, type LakeFolderInputs } from "./inputs";

export type LakeFolderProvider = Required<Omit<pulumi.dynamic.ResourceProvider, "configure">>;

const REPLACING = ["bucket", "folder", "owner"] as const;
const REMEMBERED = ["url", "region", "pathStyle", "accessKey", "secretKey"] as const;

/** A folder of a bucket that is there: claimed when it is empty, emptied when it goes. */
export function createProvider(
  folderAt = (place: LakeFolderInputs) => new Folder(place),
): LakeFolderProvider {
  return {
    async check(_olds, news) {
      return { inputs: news, failures: withoutValues(inputFailures(news)) };
    },

    async diff(_id, olds: LakeFolderInputs, news: LakeFolderInputs) {
      const replaces = REPLACING.filter((key) => olds[key] !== news[key]);
      const changed = REMEMBERED.some((key) => olds[key] !== news[key]);
      return { changes: replaces.length > 0 || changed, replaces: [...replaces], deleteBeforeReplace: true };
    },

    async create(inputs: LakeFolderInputs) {
      const folder = folderAt(inputs);
      const owner = await folder.owner();
      if (owner !== inputs.owner) {
        const found = await folder.someObject();
        if (found !== undefined) {
          throw new Error(
            `${folder.url} is not empty (${found}${owner ? `; it belongs to stack ${owner}` : ""}), and a destroy would empty it: ` +
              "name another folder in cdc:objectStore.folder",
          );
        }
        await folder.claim();
      }
      await folder.tryOut();
      return { id: folder.url, outs: inputs };
    },

    async update(_id, _olds, news: LakeFolderInputs) {
      await folderAt(news).tryOut();
      return { outs: news };
    },

    async read(id, properties: LakeFolderInputs) {
      const there = { id, inputs: properties, props: properties };
      try {
        const owner = await folderAt(properties).owner();
        return owner === properties.owner ? there : { id: "", props: {} };
      } catch (error) {
        if (!(error instanceof StoreUnreachable)) throw error;
        console.error(`${id}: what is recorded stands, as nobody could be asked: ${error.message}`);
        return there;
      }
    },

    async delete(_id, properties: LakeFolderInputs) {
      const folder = folderAt(properties);
      if ((await folder.owner()) === properties.owner) await folder.empty();
    },
  };
}

/** What `ModuleProvider("lake-folder")` calls. */
export const provider = createProvider();
