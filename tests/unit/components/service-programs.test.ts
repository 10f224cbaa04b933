import * as fs from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { PORTS } from "../../../components/platform";
import { consolePage, serviceProgram } from "../../../components/service-program";

const packagesOf = (file: string) =>
  JSON.parse(fs.readFileSync(file, "utf8")).dependencies as Record<string, string>;

describe.each(["proof", "console"] as const)("the image of %s", (service) => {
  it("has the packages that its program needs, in the versions that the tests run with", () => {
    const here = packagesOf("package.json");
    const there = packagesOf(`images/${service}/package.json`);
    expect(Object.keys(there)).toEqual(serviceProgram(service).packages);
    for (const [name, version] of Object.entries(there)) expect(here[name], name).toBe(version);
  });

  it("has a health check that asks the port that the service listens at", () => {
    expect(fs.readFileSync(`images/${service}/healthcheck`, "utf8")).toContain(
      `127.0.0.1:${PORTS[service]}/`,
    );
  });
});

describe("the console's page", () => {
  it("is small, whole, and loads nothing from elsewhere", () => {
    const page = consolePage();
    expect(Object.keys(page).sort()).toEqual(["page.css", "page.js"]);
    const whole = Object.values(page).join("");
    expect(gzipSync(whole).length).toBeLessThan(20_000);
    expect(whole).not.toMatch(/import\s*\(|@import|url\(/);
    expect(
      whole.match(/https?:\/\/[^"'` )]+/g)?.filter((url) => !url.startsWith("http://www.w3.org/")) ?? [],
    ).toEqual([]);
  });
});
