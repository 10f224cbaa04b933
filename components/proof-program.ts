/** The program of the proof's image: own code in one file, npm's packages beside it (images/proof/package.json). */
import * as fs from "node:fs";
import * as path from "node:path";
import * as esbuild from "esbuild";

const PROGRAM = "images/proof/program/main.js";

/** Writes it where the image's Dockerfile takes it from, unless it is there as it has to be. */
export function writeProofProgram(): void {
  const program = proofProgram().text;
  if (fs.existsSync(PROGRAM) && fs.readFileSync(PROGRAM, "utf8") === program) return;
  fs.mkdirSync(path.dirname(PROGRAM), { recursive: true });
  fs.writeFileSync(PROGRAM, program);
}

/** @returns the text, and the names of the packages that it needs */
export function proofProgram(): { readonly text: string; readonly packages: readonly string[] } {
  const { outputFiles, metafile } = esbuild.buildSync({
    entryPoints: ["tools/proof/main.ts"],
    ...{ bundle: true, platform: "node", target: "node20", packages: "external" },
    ...{ write: false, outdir: "images/proof/program", metafile: true },
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const outside = imports.map((one) => one.path).filter((one) => !one.startsWith("node:"));
  return { text: outputFiles[0]?.text ?? "", packages: [...new Set(outside)].sort() };
}
