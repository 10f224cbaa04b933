/** The application's code: which files of a folder go into the container, and what identifies them. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface CodeFile {
  /** Path relative to the folder, with `/`. */
  readonly path: string;
  readonly content: Buffer;
}

/** Folders of a Python project that no driver reads. */
const NOT_CODE = new Set(["tests", "__pycache__"]);

/** All Python files of a folder, sorted by path; tests and hidden folders are left out. */
export function codeFiles(folder: string): CodeFile[] {
  const files = pythonFiles(folder, "");
  if (files.length === 0)
    throw new Error(`${folder} has no Python files: it should hold the application's code`);
  return files
    .sort((one, other) => (one < other ? -1 : 1))
    .map((path) => ({ path, content: readFileSync(join(folder, path)) }));
}

/** SHA-256 over names and contents: changes exactly when the code in the container should. */
export function codeHash(folder: string): string {
  const hash = createHash("sha256");
  for (const { path, content } of codeFiles(folder))
    hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.digest("hex");
}

function pythonFiles(folder: string, prefix: string): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory())
      return NOT_CODE.has(entry.name) || entry.name.startsWith(".") ? [] : pythonFiles(folder, path);
    return entry.name.endsWith(".py") ? [path] : [];
  });
}
