/** Finds out what a plugin does not say about its keys by offering it wrong values. */
import type { ConnectorSchema, KeySchema } from "../../providers/kafka-connect/debezium/connector-schema";
import type { KeyDefinition, Plugin, ValidatedKey } from "./plugin";

const NUMBERS = ["INT", "SHORT", "LONG", "DOUBLE"];
const NO_VALUE = "no-such-value";
/** How Debezium and Kafka list what a key may be. */
const CHOICES = /(?:must be one of:?|one of \(case insensitive\):|Permitted values are) ([\w, -]+)/i;

export interface ProbedPlugin {
  readonly schema: ConnectorSchema;
  readonly definitions: readonly KeyDefinition[];
}

export async function probe(plugin: Plugin): Promise<ProbedPlugin> {
  const empty = await plugin.validate({});
  const definitions = empty.flatMap(({ definition }) => (definition ? [definition] : []));
  const required = withErrors(empty);
  const keysOf = (types: string[]) =>
    definitions
      .filter(({ name, type }) => types.includes(type) && !["name", "connector.class"].includes(name))
      .map(({ name }) => name);
  const all = (keys: string[], value: string) => Object.fromEntries(keys.map((key) => [key, value]));
  const numbers = keysOf(NUMBERS);
  const notMinusOne = withErrors(await plugin.validate(all(numbers, "-1")));
  const notZero = withErrors(await plugin.validate(all(numbers, "0")));
  const choices = choicesOf(await plugin.validate(all(keysOf(["STRING"]), NO_VALUE)));

  const keys = definitions.map(({ name, type }): [string, KeySchema] => {
    const recommended = empty.find(({ value }) => value.name === name)?.value.recommended_values ?? [];
    const values = type === "STRING" ? (choices.get(name) ?? recommended) : [];
    const isMin0 = numbers.includes(name) && notMinusOne.has(name);
    return [
      name,
      {
        type,
        ...(required.has(name) ? { required: true } : {}),
        ...(values.length > 0 ? { values: [...values].sort() } : {}),
        ...(isMin0 ? { min: notZero.has(name) ? 1 : 0 } : {}),
      },
    ];
  });
  keys.sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    schema: { class: plugin.className, version: plugin.version, keys: Object.fromEntries(keys) },
    definitions,
  };
}

function withErrors(answer: readonly ValidatedKey[]): Set<string> {
  return new Set(answer.filter(({ value }) => value.errors.length > 0).map(({ value }) => value.name));
}

function choicesOf(answer: readonly ValidatedKey[]): Map<string, string[]> {
  const choices = new Map<string, string[]>();
  for (const { value } of answer) {
    const list = value.errors.map((error) => CHOICES.exec(error)?.[1]).find(Boolean);
    if (list)
      choices.set(
        value.name,
        list.split(",").map((choice) => choice.trim().toLowerCase()),
      );
  }
  return choices;
}
