import { describe, expect, it } from "vitest";
import { CopyText } from "../../../tools/datagen/load/copy-text";

const encode = (type: string, value: string | null) => new CopyText([{ name: "c", type }]).encode([value]);

describe("a row as COPY text", () => {
  it("escapes what the format needs, and nothing else", () => {
    const text = new CopyText(["a", "b", "c"].map((name) => ({ name, type: "text" })));
    expect(text.encode(["x\ty\\z\r\n", null, "çµ\\N"])).toBe("x\\ty\\\\z\\r\\n\t\\N\tçµ\\\\N\n");
  });

  it.each([
    ["smallint", "32767", "32768"],
    ["integer", "-2147483648", "-2147483649"],
    ["bigint", "9223372036854775807", "9223372036854775808"],
  ])("takes %s up to %s", (type, fits, unfit) => {
    expect(encode(type, fits)).toBe(`${fits}\n`);
    expect(encode(type, unfit)).toEqual({ column: "c", reason: `"${unfit}" does not fit into ${type}` });
  });

  it("takes what PostgreSQL takes as an integer, and null", () => {
    expect(encode("bigint", " +007 ")).toBe(" +007 \n");
    expect(encode("bigint", null)).toBe("\\N\n");
  });

  it.each(["abc", "1.0", "1e3", "", "0x1", "12 3"])("says that %j is not an integer", (value) => {
    expect(encode("bigint", value)).toEqual({
      column: "c",
      reason: `${JSON.stringify(value)} is not an integer (bigint)`,
    });
  });

  it("says which column holds a zero byte or bytes that are not UTF-8", () => {
    expect(encode("text", "a\0")).toMatchObject({
      column: "c",
      reason: expect.stringContaining("zero byte"),
    });
    expect(encode("text", Buffer.from([0x63, 0xe9]).toString())).toMatchObject({
      column: "c",
      reason: expect.stringContaining("not UTF-8"),
    });
  });
});
