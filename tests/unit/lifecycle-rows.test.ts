/** The lifecycle test's rows (tests/e2e/lifecycle): what is new in the program has to be in them. */
import * as fs from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { CHANGES, DELETIONS } from "../e2e/lifecycle/by-hand";
import { kindOf, lifecycleStack, managedResources, serviceOf } from "../e2e/lifecycle/resources";
import { NOT_CHANGED, OTHER_VALUES } from "../e2e/lifecycle/values";
import { WHILE_DOWN } from "../e2e/lifecycle/while-down";

const resources = await managedResources(lifecycleStack());

it.each([
  ["deletion", DELETIONS],
  ["change", CHANGES],
])("say what a %s by hand does to each kind of resource that the program has", (_what, rows) => {
  expect([...new Set(resources.map(kindOf))].sort()).toEqual(Object.keys(rows).sort());
});

it("have for each server what an up does while it is down, or a reason why not", () => {
  const servers = resources.filter((resource) => kindOf(resource) === "container").map(serviceOf);
  expect(Object.keys(WHILE_DOWN).sort()).toEqual(servers.sort());
});

it("have another value for each of the configuration's, or a reason why not", () => {
  const declared = Object.keys(parse(fs.readFileSync("Pulumi.yaml", "utf8")).config);
  expect([...Object.keys(OTHER_VALUES), ...Object.keys(NOT_CHANGED)].sort()).toEqual(declared.sort());
});
