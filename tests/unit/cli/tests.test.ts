import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, it } from "vitest";
import { forgetLink, scriptsIn } from "../../../cli/tests";

it("an environment that is only a link to another checkout's is made here, and the other one stays as it is", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "checkouts-"));
  const theirs = path.join(folder, "theirs");
  const ours = path.join(folder, "ours");
  fs.mkdirSync(theirs);
  fs.writeFileSync(path.join(theirs, "python"), "");
  try {
    fs.symlinkSync(theirs, ours);
    forgetLink(ours);
    expect(fs.existsSync(ours)).toBe(false);
    expect(fs.readdirSync(theirs)).toEqual(["python"]);

    for (const stays of [theirs, ours]) forgetLink(stays);
    expect(fs.existsSync(theirs)).toBe(true);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

it("scripts are found by their first line, with any name", () => {
  const found = scriptsIn("images");
  expect(found).toContain("images/kafka/kafka-run-class.sh");
  expect(found).toContain("images/spark/bin/run-driver");
  expect(found.filter((file) => /Dockerfile|\.java$|\.py$|\.patch$/.test(file))).toEqual([]);
});
