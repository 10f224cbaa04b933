import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, it } from "vitest";
import { forgetLink } from "../../../cli/tests";

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
