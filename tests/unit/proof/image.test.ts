import * as fs from "node:fs";
import { expect, it } from "vitest";
import { PORTS } from "../../../components/platform";
import { proofProgram } from "../../../components/proof-program";

const packagesOf = (file: string) =>
  JSON.parse(fs.readFileSync(file, "utf8")).dependencies as Record<string, string>;

it("the image has the packages that its program needs, in the versions that the tests run with", () => {
  const here = packagesOf("package.json");
  const there = packagesOf("images/proof/package.json");
  expect(Object.keys(there)).toEqual(proofProgram().packages);
  for (const [name, version] of Object.entries(there)) expect(here[name], name).toBe(version);
});

it("the image's health check asks the port that the service listens at", () => {
  expect(fs.readFileSync("images/proof/healthcheck", "utf8")).toContain(`127.0.0.1:${PORTS.proof}/`);
});
