/** The lifecycle test's rows (tests/e2e/lifecycle): what is new in the program has to be in them. */
import * as fs from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { DELETIONS } from "../e2e/lifecycle/by-hand";
import { kindOf, managedResources } from "../e2e/lifecycle/resources";
import { NOT_CHANGED, OTHER_VALUES } from "../e2e/lifecycle/values";
import { TestStack } from "../e2e/platform";

it("say what a deletion by hand does to each kind of resource that the program has", async () => {
  const kinds = (await managedResources(new TestStack("e2e-lifecycle"))).map(kindOf);
  expect([...new Set(kinds)].sort()).toEqual(Object.keys(DELETIONS).sort());
});

it("have another value for each of the configuration's, or a reason why not", () => {
  const declared = Object.keys(parse(fs.readFileSync("Pulumi.yaml", "utf8")).config);
  expect([...Object.keys(OTHER_VALUES), ...Object.keys(NOT_CHANGED)].sort()).toEqual(declared.sort());
});
