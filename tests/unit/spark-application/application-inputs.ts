import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { codeHash } from "../../../providers/spark-application/code";
import { DEFAULTS, type SparkApplicationInputs } from "../../../providers/spark-application/inputs";

/** A folder with the files of an application. */
export function codeFolder(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "spark-code-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

export function applicationInputs(changes: Partial<SparkApplicationInputs> = {}): SparkApplicationInputs {
  const folder = changes.codeFolder ?? codeFolder({ "main.py": "print()", "cdc/run.py": "" });
  return {
    ...DEFAULTS,
    codeFolder: folder,
    codeHash: codeHash(folder),
    installFolder: "orders",
    mainFile: "main.py",
    containerName: "spark-client",
    containerId: "1234",
    applicationName: "orders",
    arguments: ["--topics", "a.b.c"],
    ...changes,
  };
}
