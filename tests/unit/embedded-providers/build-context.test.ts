import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contextDigest, packContext, readContext } from "../../../embedded/providers/docker/build-context";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "build-context-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: string) => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), content);
};
const read = () => readContext(folder, "Dockerfile");
const digest = async () => contextDigest(await read());

describe("a build context", () => {
  test("leaves out what .dockerignore says, but never the Dockerfile", async () => {
    write("Dockerfile", "FROM x");
    write(".dockerignore", "*.md\nnode_modules\n!keep.md\nDockerfile\n");
    write("notes.md", "");
    write("keep.md", "");
    write("node_modules/a/b.js", "");
    write("src/main.py", "");
    const paths = (await read()).map((entry) => entry.path);
    expect(paths).toEqual([".dockerignore", "Dockerfile", "keep.md", "src", "src/main.py"]);
  });

  test("has another digest when a name, a content, an executable bit or a link changes", async () => {
    write("Dockerfile", "FROM x");
    write("a", "1");
    symlinkSync("a", path.join(folder, "link"));
    const seen = [await digest()];
    write("a", "2");
    seen.push(await digest());
    chmodSync(path.join(folder, "a"), 0o755);
    seen.push(await digest());
    write("b", "");
    seen.push(await digest());
    rmSync(path.join(folder, "link"));
    symlinkSync("b", path.join(folder, "link"));
    seen.push(await digest());
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("has the same digest in every clone: times and the umask do not count, ignored files neither", async () => {
    write("Dockerfile", "FROM x");
    write(".dockerignore", "*.log");
    const before = await digest();
    utimesSync(path.join(folder, "Dockerfile"), 1, 1);
    chmodSync(path.join(folder, "Dockerfile"), 0o600);
    write("build.log", "noise");
    expect(await digest()).toBe(before);
  });

  test("is sent as root's files with their executable bit", async () => {
    write("Dockerfile", "FROM x");
    write("bin/run", "#!/bin/sh");
    chmodSync(path.join(folder, "bin/run"), 0o700);
    const headers: Record<string, [string | null | undefined, number | undefined, number | undefined]> = {};
    const unpack = extract();
    unpack.on("entry", (header, stream, next) => {
      headers[header.name] = [header.type, header.mode, header.uid];
      stream.on("end", next).resume();
    });
    unpack.end(await buffer(packContext(await read())));
    await new Promise<void>((resolve) => unpack.on("finish", () => resolve()));
    expect(headers).toEqual({
      Dockerfile: ["file", 0o644, 0],
      "bin/": ["directory", 0o755, 0],
      "bin/run": ["file", 0o755, 0],
    });
  });
});
