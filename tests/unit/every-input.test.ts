/** Every input of every resource of the program, changed: what a change does is planned, or refused in words. */

import { describe, expect, it, vi } from "vitest";
import { unwrapSecrets } from "../../embedded/property-values";
import type { CheckRequest, Properties, PropertyValue, ResourceProvider } from "../../embedded/provider";
import { loadPackage } from "../../embedded/providers";
import { packageOf } from "../../embedded/urn";
import type { ProviderModule } from "../../providers/dynamic";
import { AS_DECLARED } from "../../providers/minio-user/inputs";
import { type Registered, runProgram } from "./components/program";

vi.spyOn(console, "error").mockImplementation(() => undefined);
const { resources } = await runProgram("dev");

/** What becomes of a change: names that the plan shows, or refusals by property. */
type Outcome = { planned: string[] } | { refused: { property: string; reason: string }[] };

/** What is needed here of a dynamic provider. */
interface Comparing {
  check(
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures?: { property: string; reason: string }[] }>;
  diff(id: string, olds: Properties, news: Properties): Promise<{ changes?: boolean; replaces?: string[] }>;
}

/** The dynamic providers, by their resources' types, and what their resources know beside their inputs. */
const DYNAMIC: Record<string, [ProviderModule, (inputs: Properties) => Properties]> = {
  "pulumi-nodejs:dynamic/debezium:Connector": ["kafka-connect", () => ({ state: "RUNNING" })],
  "pulumi-nodejs:dynamic/kafka:Topics": ["kafka-topics", ({ topics }) => ({ found: topics, made: [] })],
  "pulumi-nodejs:dynamic/minio:User": ["minio-user", () => ({ found: AS_DECLARED })],
  "pulumi-nodejs:dynamic/spark:Application": ["spark-application", () => ({ state: "RUNNING" })],
};

const urnOf = ({ type, name }: Registered) => `urn:pulumi:dev::cdc::${type}::${name}`;

async function changed(resource: Registered, news: Properties): Promise<Outcome> {
  const olds = inputsOf(resource);
  const dynamic = DYNAMIC[resource.type];
  if (dynamic) {
    const { provider }: { provider: Comparing } = await import(`../../providers/${dynamic[0]}/provider`);
    const before = (await provider.check({}, olds)).inputs;
    const { inputs, failures = [] } = await provider.check(before, news);
    if (failures.length > 0) return { refused: failures };
    const { changes, replaces = [] } = await provider.diff(
      "id",
      { ...before, ...dynamic[1](before) },
      inputs,
    );
    return { planned: changes ? ["(as its provider says)", ...replaces] : replaces };
  }
  const carried = (await loadPackage(packageOf(resource.type), {}))?.resource(resource.type);
  if (carried === undefined) throw new Error(`the embedded engine does not carry ${resource.type}`);
  return checkedAndCompared(carried, urnOf(resource), olds, news);
}

async function checkedAndCompared(
  provider: ResourceProvider,
  urn: string,
  olds: Properties,
  news: Properties,
): Promise<Outcome> {
  const check = async (request: CheckRequest) =>
    (await provider.check?.(request)) ?? { inputs: request.newInputs, failures: [] };
  const before = (await check({ urn, newInputs: olds })).inputs;
  const { inputs, failures } = await check({ urn, oldInputs: before, newInputs: news });
  if (failures.length > 0) return { refused: failures };
  const diff = await provider.diff({
    urn,
    id: "id",
    oldInputs: before,
    oldOutputs: before,
    newInputs: inputs,
  });
  return { planned: diff.changed };
}

/** What of a resource is an input: not what is there to be an output, nor the text of a dynamic provider. */
function inputsOf({ inputs }: Registered): Properties {
  const known = unwrapSecrets(inputs) as Properties;
  return Object.fromEntries(
    Object.entries(known).filter(
      ([name, value]) => name !== "__provider" && value !== null && value !== undefined,
    ),
  );
}

/** Another value of the same shape, which need not be legal. */
function another(value: PropertyValue): PropertyValue {
  if (typeof value === "string") return `${value}x`;
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (Array.isArray(value)) return value.length > 0 ? value.map(another) : ["x"];
  const entries = Object.entries(value ?? {});
  return Object.fromEntries(
    entries.length > 0 ? entries.map(([key, inner]) => [key, another(inner)]) : [["x", "x"]],
  );
}

const rows = resources
  .filter(({ type }) => !/^(cdc:index:|pulumi:)/.test(type))
  .flatMap((resource) =>
    Object.keys(inputsOf(resource)).map((input) => ({ name: resource.name, input, resource })),
  );

describe("another value of", () => {
  it.each(rows)("$name's $input is planned, or refused in words", async ({ resource, input }) => {
    const olds = inputsOf(resource);
    const outcome = await changed(resource, { ...olds, [input]: another(olds[input]) });
    if ("refused" in outcome) {
      const words = outcome.refused.map(({ property, reason }) => `${property} ${reason}`).join("\n");
      expect(words).toContain(input);
    } else expect(outcome.planned).not.toEqual([]);
  });

  it.each(resources.filter(({ type }) => !/^(cdc:index:|pulumi:)/.test(type)))(
    "nothing of $name is no change",
    async (resource) => expect(await changed(resource, inputsOf(resource))).toEqual({ planned: [] }),
  );
});
