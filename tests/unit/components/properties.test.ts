import { describe, expect, it } from "vitest";
import { properties } from "../../../components/properties";

describe("a Java properties file", () => {
  it("has a line for each setting, as it is where nothing is special", () => {
    expect(properties({ a: 1, "b.c": true, d: `p'a"s\${x} #!=:%@w` })).toBe(
      `a=1\nb.c=true\nd=p'a"s\${x} #!=:%@w\n`,
    );
  });

  it("escapes what Java would read as something else", () => {
    expect(properties({ a: "x\\y", b: " x ", c: "ü" })).toBe("a=x\\\\y\nb=\\ x \nc=\\u00fc\n");
  });
});
