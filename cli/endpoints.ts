/** The table of endpoints at the end of an `up`. */
import Table from "cli-table3";
import type { OutputName } from "../outputs";
import { pipelinesIn } from "../stack/outputs";

/** Outputs that are addresses, and what a user calls them, in data-flow order. */
const ROWS: [title: string, output: OutputName][] = [
  ["PostgreSQL", "postgresqlAddress"],
  ["Kafka bootstrap servers", "kafkaBootstrapServers"],
  ["  from inside the network", "kafkaBootstrapServersInside"],
  ["ZooKeeper", "zookeeperAddress"],
  ["Kafka Connect REST", "kafkaConnectUrl"],
  ["Debezium connector", "connectorName"],
  ["Captured tables", "capturedTables"],
  ["Topics", "topicNames"],
  ["Spark master", "sparkMasterUrl"],
  ["Spark master UI", "sparkMasterUiUrl"],
  ["Spark worker UI", "sparkWorkerUiUrls"],
  ["Streaming job UI", "sparkDriverUiUrl"],
  ["S3 API", "minioUrl"],
  ["MinIO console", "minioConsoleUrl"],
  ["Lake tables", "lakeTables"],
  ["Continuous proof", "proofUrl"],
  ["Console", "consoleUrl"],
];

export function endpointTable(outputs: Record<string, unknown>): string {
  const table = new Table({ style: { head: [], border: [] } });
  for (const [title, output] of ROWS) {
    if (output in outputs) table.push([title, cell(outputs[output])]);
  }
  for (const [name, pipeline] of Object.entries(pipelinesIn(outputs))) {
    const own: Record<string, unknown> = { ...pipeline };
    table.push([{ colSpan: 2, content: `Pipeline ${name}` }]);
    for (const [title, output] of ROWS) {
      if (output in own) table.push([`  ${title}`, cell(own[output])]);
    }
  }
  return table.toString();
}

/** Every output, for `outputs`. */
export function outputTable(outputs: Record<string, unknown>): string {
  const table = new Table({ head: ["Output", "Value"], style: { head: [], border: [] } });
  for (const [name, value] of Object.entries(outputs).sort(([a], [b]) => a.localeCompare(b))) {
    table.push([name, cell(value)]);
  }
  return table.toString();
}

/** Lines of a list that are shown: cli-table3 takes minutes for a cell of a hundred lines. */
const LINES_SHOWN = 10;

function cell(value: unknown): string {
  if (Array.isArray(value)) {
    const hidden = value.length - LINES_SHOWN;
    const more = hidden > 0 ? [`and ${hidden.toLocaleString("en")} more: npm run outputs -- --json`] : [];
    return [...value.slice(0, LINES_SHOWN).map(cell), ...more].join("\n");
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
