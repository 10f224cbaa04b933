import { describe, expect, it, vi } from "vitest";
import { type Folder, StoreUnreachable } from "../../../providers/lake-folder/folder";
import { inputFailures, type LakeFolderInputs } from "../../../providers/lake-folder/inputs";
import { createProvider } from "../../../providers/lake-folder/provider";
import { UNKNOWN } from "../../../providers/unknown";

const inputs: LakeFolderInputs = {
  url: "http://s3.example:9000",
  region: "us-east-1",
  pathStyle: true,
  bucket: "lakes",
  folder: "shop",
  accessKey: "key",
  secretKey: "secret",
  owner: "blue",
};

/** A folder with these objects, whose calls are noted. */
function folderWith(owner: string | undefined, objects: string[]) {
  const calls: string[] = [];
  const folder = {
    url: "s3a://lakes/shop",
    owner: async () => owner,
    someObject: async () => objects[0],
    claim: async () => void calls.push("claim"),
    tryOut: async () => void calls.push("tryOut"),
    empty: async () => void calls.push("empty"),
  } as unknown as Folder;
  return { provider: createProvider(() => folder), calls, folder };
}

describe("a folder of a bucket that is there already", () => {
  it("is claimed when it is empty, and tried out", async () => {
    const { provider, calls } = folderWith(undefined, []);
    expect(await provider.create(inputs)).toEqual({ id: "s3a://lakes/shop", outs: inputs });
    expect(calls).toEqual(["claim", "tryOut"]);
  });

  it("is taken again by the stack whose it is, with what is in it", async () => {
    const { provider, calls } = folderWith("blue", ["shop/_cdc-platform.json", "shop/tables/x"]);
    await provider.create(inputs);
    expect(calls).toEqual(["tryOut"]);
  });

  it.each([
    ["nobody's", undefined, /is not empty \(shop\/x\), and a destroy would empty it/],
    ["another stack's", "green", /belongs to stack green.*cdc:objectStore\.folder/],
  ])("is refused when it has something in it and is %s", async (_whose, owner, message) => {
    const { provider, calls } = folderWith(owner, ["shop/x"]);
    await expect(provider.create(inputs)).rejects.toThrow(message);
    expect(calls).toEqual([]);
  });

  it("is emptied when it goes, unless it became another stack's", async () => {
    const own = folderWith("blue", ["shop/x"]);
    await own.provider.delete("id", inputs);
    expect(own.calls).toEqual(["empty"]);
    const others = folderWith("green", ["shop/x"]);
    await others.provider.delete("id", inputs);
    expect(others.calls).toEqual([]);
  });

  it("is replaced for another place, tried out for another key, and left alone otherwise", async () => {
    const { provider, calls } = folderWith("blue", []);
    const other = { ...inputs, folder: "other" };
    expect(await provider.diff("id", inputs, other)).toMatchObject({ changes: true, replaces: ["folder"] });
    const key = { ...inputs, secretKey: "another" };
    expect(await provider.diff("id", inputs, key)).toMatchObject({ changes: true, replaces: [] });
    expect(await provider.diff("id", inputs, { ...inputs })).toMatchObject({ changes: false });
    expect(await provider.update("id", inputs, key)).toEqual({ outs: key });
    expect(calls).toEqual(["tryOut"]);
  });

  it("is gone for a refresh when its mark is, and stands when nobody can be asked", async () => {
    const gone = await folderWith(undefined, []).provider.read("id", inputs);
    expect(gone.id).toBe("");
    const { provider, folder } = folderWith("blue", []);
    expect((await provider.read("id", inputs)).props).toEqual(inputs);
    folder.owner = async () => {
      throw new StoreUnreachable("the store does not answer");
    };
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    expect((await provider.read("id", inputs)).id).toBe("id");
    expect(said.mock.calls.join()).toMatch(/what is recorded stands/);
    said.mockRestore();
  });

  it("is checked before anybody is asked; what is not known yet is right", () => {
    expect(inputFailures({ ...inputs, bucket: UNKNOWN })).toEqual([]);
    expect(inputFailures({ ...inputs, url: "s3.example", accessKey: "" })).toEqual([
      { property: "url", reason: expect.stringMatching(/URL/) },
      { property: "accessKey", reason: expect.stringMatching(/access key/) },
    ]);
  });
});
