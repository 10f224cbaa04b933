/** The SQL of the reported cases, a folder each. */
import * as fs from "node:fs";
import * as path from "node:path";

/** SQL that makes the tables of every case, once: a second time it does nothing. */
export function sourceOfAll(more: string): string {
  const sources = folders().map((name) => fs.readFileSync(path.join(__dirname, name, "source.sql"), "utf8"));
  const tables = ["CREATE SCHEMA rw;", ...sources, more].join("\n");
  const walkthrough = fs.readFileSync("sql/schema.sql", "utf8");
  return `${walkthrough}\nSELECT to_regnamespace('rw') IS NULL AS is_first \\gset\n\\if :is_first\n${tables}\n\\endif\n`;
}

/** The changes of a case, its files one after another. */
export function changesOf(name: string): string {
  const folder = path.join(__dirname, name);
  const files = fs.readdirSync(folder).filter((file) => file.startsWith("change"));
  // change.sql before change-b.sql
  const inOrder = files.sort((a, b) => a.length - b.length || a.localeCompare(b));
  return inOrder.map((file) => fs.readFileSync(path.join(folder, file), "utf8")).join("\n");
}

function folders(): string[] {
  return fs
    .readdirSync(__dirname)
    .filter((name) => fs.existsSync(path.join(__dirname, name, "source.sql")))
    .sort();
}
