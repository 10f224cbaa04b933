/** What two pipelines of a stack may not have in common. Pure. */
import { replicationOf } from "../providers/kafka-connect/debezium/postgres";
import { lakePath, tableName, topicOf } from "../providers/kafka-connect/debezium/table-names";
import { PIPELINES_FOLDER } from "./pipeline-lake";
import { pipelineCalled, settingOf } from "./pipeline-names";
import type { DeclaredPipeline } from "./pipeline-settings";
import { driverUiPort } from "./platform";
import { topicsOfConnector } from "./topics";

/** What one pipeline has that is its own: how it is called, which it is, and how to have another. */
interface Owned {
  readonly what: string;
  readonly value: string;
  readonly fix: string;
}

/** @returns for each collision a sentence that names both pipelines, and how to mend it */
export function pipelineCollisions(pipelines: readonly DeclaredPipeline[]): string[] {
  const pairs = pipelines.flatMap((one, index) =>
    pipelines.slice(0, index).map((other) => [other, one] as const),
  );
  return pairs.flatMap(([other, one]) => [
    ...shared(other, one),
    ...signalTablesCaptured(other, one),
    ...signalTablesCaptured(one, other),
    ...lakeFolders(other, one),
  ]);
}

function shared(other: DeclaredPipeline, one: DeclaredPipeline): string[] {
  const theirs = ownedBy(other);
  const found = ownedBy(one).filter(({ what, value }) =>
    theirs.some((their) => their.what === what && their.value === value),
  );
  // Topics that follow from a prefix or a setting that is named already say nothing new.
  const first = found.filter(({ what }) => what !== TOPIC);
  return (first.length > 0 ? first : found.slice(0, 1)).map(
    ({ what, value, fix }) =>
      `${both(other, one)} have the same ${what}, ${value}: each needs its own. ${fix}.`,
  );
}

const TOPIC = "topic";

function ownedBy({ name, file }: DeclaredPipeline): Owned[] {
  const { config } = file;
  const replication = replicationOf(config);
  const property = (key: string, value: string | undefined): Owned[] =>
    value ? [{ what: key, value, fix: anotherValue(name, file.file, key) }] : [];
  const { signalTable } = replication ?? {};
  return [
    {
      what: "connector name",
      value: file.name,
      fix: `Change "name" in ${file.file}, or name another file in ${settingOf(name, "connectorConfig")}`,
    },
    ...property("topic.prefix", config["topic.prefix"]),
    ...property("slot.name", replication?.slot),
    ...property("publication.name", replication?.publication),
    ...property("signal.data.collection", signalTable && `${signalTable.schema}.${signalTable.table}`),
    ...property("value.converter.schemas.topic", config["value.converter.schemas.topic"]),
    ...property("notification.sink.topic.name", config["notification.sink.topic.name"]),
    ...topicsOf({ config, named: file.selection.named }).map((topic) => ({
      ...{ what: TOPIC, value: topic, fix: anotherValue(name, file.file, "topic.prefix") },
    })),
    {
      what: "port of the streaming job's UI",
      value: String(driverUiPort(name)),
      fix: `It follows from the name: give pipeline ${name} another`,
    },
  ];
}

function topicsOf({ config, named }: { config: Record<string, string>; named: readonly string[] }): string[] {
  const tables = named.flatMap((table) => tableName(table) ?? []);
  const prefix = config["topic.prefix"] ?? "";
  return [...Object.keys(topicsOfConnector(config)), ...tables.map((table) => topicOf(prefix, table))];
}

/** The tables of one, and a table that the connector of the other makes for itself. */
function signalTablesCaptured(one: DeclaredPipeline, other: DeclaredPipeline): string[] {
  const signalTable = replicationOf(other.file.config)?.signalTable;
  if (!signalTable) return [];
  const text = `${signalTable.schema}.${signalTable.table}`;
  const { named, matches } = one.file.selection;
  if (!named.includes(text) && !matches(signalTable)) return [];
  return [
    `The lists of tables of ${pipelineCalled(one.name)} match ${text}, the signal table of ${pipelineCalled(other.name)}. ` +
      `Leave it out in ${one.file.file}, or ${lower(anotherValue(other.name, other.file.file, "signal.data.collection"))}.`,
  ];
}

/** The stack's own tables of text lie beside the folder of pipelines. */
function lakeFolders(other: DeclaredPipeline, { name }: DeclaredPipeline): string[] {
  if (other.name !== undefined || name === undefined || !other.settings.flattenedTables) return [];
  const folder = `${PIPELINES_FOLDER}/${name}`;
  const table = other.file.selection.named.find((each) => {
    const parts = tableName(each);
    return parts !== undefined && lakePath(parts) === folder;
  });
  if (table === undefined) return [];
  return [
    `Pipeline ${name} and table ${table} of the stack's own pipeline would both be in ${folder} of the lake: give the pipeline another name.`,
  ];
}

function both(other: DeclaredPipeline, one: DeclaredPipeline): string {
  const text = `${pipelineCalled(other.name)} and ${pipelineCalled(one.name)}`;
  return text[0]?.toUpperCase() + text.slice(1);
}

function anotherValue(pipeline: string | undefined, file: string, key: string): string {
  return `Change "${key}" in ${file} or in ${settingOf(pipeline, "connectorOverrides")}`;
}

function lower(text: string): string {
  return text[0]?.toLowerCase() + text.slice(1);
}
