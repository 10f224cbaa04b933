import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import dockerIgnore from "@balena/dockerignore";
import { pack } from "tar-stream";

/** One thing in a build context; `path` is relative, with slashes. */
export type ContextEntry = { path: string } & (
  | { type: "directory" }
  | { type: "file"; executable: boolean; content: Buffer }
  | { type: "symlink"; target: string }
);

/**
 * Reads what Docker would be sent of a folder: everything the `.dockerignore` in it does not exclude, and always
 * that file and the Dockerfile themselves. Sorted by path.
 *
 * @param dockerfile path of the Dockerfile relative to the folder
 */
export async function readContext(folder: string, dockerfile: string): Promise<ContextEntry[]> {
  const isIgnored = await ignoreRules(folder, [dockerfile, ".dockerignore"]);
  const names = await readdir(folder, { recursive: true });
  const kept = names.map((name) => name.split(path.sep).join("/")).filter((name) => !isIgnored(name));
  return Promise.all(kept.sort().map((name) => readEntry(folder, name)));
}

async function ignoreRules(folder: string, alwaysSent: string[]): Promise<(name: string) => boolean> {
  const rules = await readFile(path.join(folder, ".dockerignore"), "utf8").catch(() => undefined);
  if (rules === undefined) return () => false;
  const matcher = dockerIgnore().add(rules);
  return (name) => !alwaysSent.includes(name) && matcher.ignores(name);
}

async function readEntry(folder: string, name: string): Promise<ContextEntry> {
  const file = path.join(folder, name);
  const stats = await lstat(file);
  if (stats.isDirectory()) return { path: name, type: "directory" };
  if (stats.isSymbolicLink()) return { path: name, type: "symlink", target: await readlink(file) };
  return { path: name, type: "file", executable: (stats.mode & 0o111) !== 0, content: await readFile(file) };
}

/**
 * A digest of all that a build sees of the context. Times, owners and the umask of a checkout do not count,
 * so that every clone of a commit has the same one.
 */
export function contextDigest(entries: ContextEntry[]): string {
  const hash = createHash("sha256");
  for (const entry of entries) {
    const { path: name, type } = entry;
    const detail =
      type === "file" ? [entry.executable, entry.content.length] : type === "symlink" ? [entry.target] : [];
    hash.update(`${JSON.stringify([name, type, ...detail])}\n`);
    if (type === "file") hash.update(entry.content);
  }
  return hash.digest("hex");
}

/** The tar stream for Docker, with owners, times and modes that do not depend on the checkout. */
export function packContext(entries: ContextEntry[]): Readable {
  const archive = pack();
  const common = { uid: 0, gid: 0, mtime: new Date(0) };
  for (const entry of entries) {
    switch (entry.type) {
      case "directory":
        archive.entry({ ...common, name: `${entry.path}/`, type: "directory", mode: 0o755 });
        break;
      case "symlink":
        archive.entry({ ...common, name: entry.path, type: "symlink", linkname: entry.target, mode: 0o777 });
        break;
      case "file":
        archive.entry({ ...common, name: entry.path, mode: entry.executable ? 0o755 : 0o644 }, entry.content);
        break;
    }
  }
  archive.finalize();
  return Readable.from(archive);
}
