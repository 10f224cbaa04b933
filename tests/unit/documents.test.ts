/** The npm commands in README and docs are those that there are, with options that they have; and no setting is missing. */
import * as fs from "node:fs";
import * as path from "node:path";
import execa from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { SECRET_NAMES } from "../../walkthrough-secrets";

interface Named {
  readonly file: string;
  readonly verb: string;
  readonly options: readonly string[];
}

const FILES = [
  "README.md",
  "CONTRIBUTING.md",
  ...fs.readdirSync("docs").map((name) => path.join("docs", name)),
].filter((name) => name.endsWith(".md"));
const SCRIPTS: Record<string, string> = JSON.parse(fs.readFileSync("package.json", "utf8")).scripts;

/** Pure: `npm run verb -- --option`, up to where a command ends in prose or in code. */
function commandsIn(text: string): { verb: string; options: string[] }[] {
  return [...text.matchAll(/npm run ([\w:-]*\w)(?: -- ([^`\n;|&]*))?/g)].map(([, verb = "", rest = ""]) => ({
    verb,
    options: rest
      .split(/\s+/)
      .filter((word) => /^--?[a-z]/i.test(word))
      .map((word) => word.split("=")[0] as string),
  }));
}

const named: Named[] = FILES.flatMap((file) =>
  commandsIn(fs.readFileSync(file, "utf8")).map((command) => ({ file, ...command })),
);

/** By verb, the options that its own `--help` shows. */
const known = new Map<string, Set<string>>();

/** Its help is the Python program's own, for which packages would have to be there. */
const PROPERTY_TEST = "test:property";

beforeAll(async () => {
  const program = fs.readFileSync("tests/property/run.py", "utf8");
  known.set(PROPERTY_TEST, new Set(["--help", ...(program.match(/(?<=add_argument\(\s*")--[\w-]+/g) ?? [])]));
  const verbs = [...new Set(named.filter(({ options }) => options.length > 0).map(({ verb }) => verb))];
  await Promise.all(
    verbs
      .filter((verb) => verb !== PROPERTY_TEST && SCRIPTS[verb]?.startsWith("node cli/launch.mjs "))
      .map(async (verb) => {
        const { stdout } = await execa("node", ["cli/launch.mjs", verb, "--help"]);
        known.set(verb, new Set(stdout.match(/(?<=[\s,])--?[a-z][\w-]*/gi)));
      }),
  );
}, 120_000);

describe("commands in the documents", () => {
  it("are found", () => {
    expect(commandsIn("`npm run up -- --replace a-b` and npm run status, npm run datagen -- -t x")).toEqual([
      { verb: "up", options: ["--replace"] },
      { verb: "status", options: [] },
      { verb: "datagen", options: ["-t"] },
    ]);
    expect(named.length).toBeGreaterThan(100);
  });

  it("are scripts of package.json", () => {
    expect(named.filter(({ verb }) => !SCRIPTS[verb])).toEqual([]);
  });

  it("have the options that they are given", () => {
    const wrong = named.flatMap(({ file, verb, options }) =>
      options
        .filter((option) => !known.get(verb)?.has(option))
        .map((option) => `${file}: npm run ${verb} -- ${option}`),
    );
    expect(wrong).toEqual([]);
  });

  it("are all in the README's table", () => {
    const readme = named.filter(({ file }) => file === "README.md").map(({ verb }) => verb);
    const internal = ["lint", "format", "pictures", "connector-schema"];
    expect(Object.keys(SCRIPTS).filter((verb) => ![...readme, ...internal, "test"].includes(verb))).toEqual(
      [],
    );
  });
});

describe("links between the documents", () => {
  it("lead to files and headings that there are", () => {
    const broken = FILES.flatMap((file) =>
      [...fs.readFileSync(file, "utf8").matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = ""]) => {
        if (/^[a-z]+:/.test(target)) return [];
        const [name = "", heading] = target.split("#");
        const there = name ? path.join(path.dirname(file), name) : file;
        if (!fs.existsSync(there)) return [`${file}: ${target}`];
        if (!heading || !there.endsWith(".md")) return [];
        const headings = [...fs.readFileSync(there, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
          anchorOf(title),
        );
        return headings.includes(heading) ? [] : [`${file}: ${target}`];
      }),
    );
    expect(broken).toEqual([]);
  });
});

/** As GitHub makes it. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}

describe("the README's table of settings", () => {
  const table = fs.readFileSync("README.md", "utf8").split("## Configuration")[1]?.split("\n## ")[0] ?? "";
  const rows = [...table.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, names = ""]) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );

  it("has every value of Pulumi.yaml, and every secret, and no other", () => {
    const declared = Object.keys(parse(fs.readFileSync("Pulumi.yaml", "utf8")).config);
    expect(rows.sort()).toEqual([...declared, ...SECRET_NAMES].sort());
  });
});
