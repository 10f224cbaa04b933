import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { codeFiles, codeHash } from "../../../providers/spark-application/code";
import { codeFolder } from "./application-inputs";

describe("the application's code", () => {
  it("is its Python files, without tests, caches and settings of tools", () => {
    const folder = codeFolder({
      "main.py": "",
      "cdc/flatten.py": "",
      "cdc/__pycache__/flatten.py": "",
      "tests/test_main.py": "",
      ".venv/lib.py": "",
      "pyproject.toml": "",
    });
    expect(codeFiles(folder).map(({ path }) => path)).toEqual(["cdc/flatten.py", "main.py"]);
  });

  it("has the same hash until a file's content or name changes", () => {
    const hash = codeHash(codeFolder({ "a.py": "1", "b.py": "2" }));
    expect(codeHash(codeFolder({ "b.py": "2", "a.py": "1" }))).toBe(hash);
    expect(codeHash(codeFolder({ "a.py": "1", "b.py": "3" }))).not.toBe(hash);
    expect(codeHash(codeFolder({ "a.py": "1", "c.py": "2" }))).not.toBe(hash);
    expect(codeHash(codeFolder({ "a.py": "12", "b.py": "" }))).not.toBe(hash);
  });

  it("does not change its hash with its tests", () => {
    const folder = codeFolder({ "a.py": "1", "tests/test_a.py": "1" });
    const hash = codeHash(folder);
    writeFileSync(join(folder, "tests/test_a.py"), "2");
    expect(codeHash(folder)).toBe(hash);
  });

  it("must be there", () => {
    expect(() => codeFiles(codeFolder({ "README.md": "" }))).toThrow("has no Python files");
  });
});
