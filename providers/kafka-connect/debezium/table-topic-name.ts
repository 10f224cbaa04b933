import type { ConnectorConfig } from "../rest/api";

/**
 * The topic that gets a table's changes as Debezium writes them, in JSON; undefined when the config says that they are changed or
 * go elsewhere on their way, so that nothing can be counted there, or said.
 * @param table `schema.table`
 */
export function topicOf(config: ConnectorConfig, table: string): string | undefined {
  const isPlain =
    !config.transforms?.trim() &&
    !config["topic.naming.strategy"] &&
    /Json\w*Converter$/.test(config["value.converter"] ?? "JsonConverter");
  const prefix = config["topic.prefix"];
  if (!isPlain || !prefix) return undefined;
  const delimiter = config["topic.delimiter"] ?? ".";
  return [prefix, ...table.split(".")].join(delimiter).replaceAll(/[^A-Za-z0-9._-]/g, "_");
}
