/**
 * Programs of ours that run in the stack: own code in one file, npm's packages beside it (images/<service>/package.json). What a browser
 * loads of the console is bundled whole.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import * as esbuild from "esbuild";

type Service = "proof" | "console";

export interface Program {
  readonly text: string;
  /** Names of the packages that it needs. */
  readonly packages: readonly string[];
}

/** Writes it where the image's Dockerfile takes it from, unless it is there as it has to be. */
export function writeServiceProgram(service: Service): void {
  const folder = `images/${service}/program`;
  write(path.join(folder, "main.js"), serviceProgram(service).text);
  if (service !== "console") return;
  for (const [name, text] of Object.entries(consolePage())) write(path.join(folder, name), text);
}

export function serviceProgram(service: Service): Program {
  const { outputFiles, metafile } = esbuild.buildSync({
    entryPoints: [`tools/${service}/main.ts`],
    ...{ bundle: true, platform: "node", target: "node20", packages: "external" },
    ...{ write: false, outdir: `images/${service}/program`, metafile: true },
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const outside = imports.map((one) => one.path).filter((one) => !one.startsWith("node:"));
  return { text: outputFiles[0]?.text ?? "", packages: [...new Set(outside)].sort() };
}

/** By name: `page.js` and `page.css`. */
export function consolePage(): Record<string, string> {
  const { outputFiles } = esbuild.buildSync({
    entryPoints: { page: "tools/console/page/main.tsx" },
    ...{ bundle: true, minify: true, platform: "browser", target: "es2022", charset: "utf8" },
    ...{ jsx: "automatic", jsxImportSource: "preact", write: false, outdir: "images/console/program" },
  });
  return Object.fromEntries(outputFiles.map((file) => [path.basename(file.path), file.text]));
}

function write(file: string, text: string): void {
  if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) return;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}
