/** Prints what a stack's connector needs of its database, from the stack's configuration alone. */

import { readConnectorFile } from "../../components/connector-file";
import { connectorFileOf } from "../../components/pipeline-names";
import { loadConfig } from "../../embedded/config";
import { grantsSql } from "../../providers/kafka-connect/database/grants";
import { replicationOf } from "../../providers/kafka-connect/debezium/postgres";
import { tableName } from "../../providers/kafka-connect/debezium/table-names";
import { UserError } from "../../stack/console";
import { passphrase } from "../../stack/engines/local-state";
import { requireKnownStack } from "../../stack/engines/stacks";

export async function run(
  stack: string,
  pipeline: string | undefined,
  given: readonly string[],
): Promise<void> {
  requireKnownStack(stack);
  const { project, config } = await loadConfig({
    projectDir: process.cwd(),
    stack,
    passphrase: passphrase(),
  });
  const value = (name: string) => config[`${project.name}:${name}`] ?? "";
  const own = {
    connectorConfig: value("connectorConfig"),
    connectorOverrides: JSON.parse(value("connectorOverrides") || "{}"),
  };
  const { connectorConfig, connectorOverrides } =
    pipeline === undefined ? own : connectorOf(JSON.parse(value("pipelines") || "{}"), stack, pipeline);
  const file = readConnectorFile(connectorConfig, connectorOverrides, true, pipeline);
  const replication = replicationOf(file.config);
  if (!replication) {
    throw new UserError(
      `${file.file} is no connector of Debezium's for PostgreSQL.`,
      "Name one that is in cdc:connectorConfig.",
    );
  }
  const names = [...new Set([...file.selection.named, ...given])];
  const tables = names.map((name) => {
    const table = tableName(name);
    if (table) return table;
    throw new UserError(`${name} is no table's name.`, "Give it as schema.table.");
  });
  if (tables.length === 0) {
    throw new UserError(
      "The connector's lists of tables are expressions, and the database is not asked here.",
      "Name the tables: npm run grants -- --table public.orders --table public.items",
    );
  }
  const { user, database } = JSON.parse(value("postgresql") || "{}");
  console.log(
    grantsSql({
      role: user ?? file.config["database.user"] ?? "",
      database: database ?? file.config["database.dbname"] ?? "",
      tables,
      publication:
        file.config["plugin.name"] === "pgoutput"
          ? (file.config["publication.name"] ?? "dbz_publication")
          : undefined,
      viaRoot: file.config["publish.via.partition.root"] === "true",
      signalTable: replication.signalTable,
    }).trimEnd(),
  );
}

/** What the stack's configuration says of a pipeline's connector. */
function connectorOf(
  pipelines: Record<string, { connectorConfig?: string; connectorOverrides?: Record<string, string> }>,
  stack: string,
  pipeline: string,
) {
  const given = pipelines[pipeline];
  if (!given) {
    throw new UserError(
      `Stack ${stack} has no pipeline ${pipeline}.`,
      "Name one of cdc:pipelines, or none for the stack's own.",
    );
  }
  const { connectorConfig = connectorFileOf(pipeline), connectorOverrides = {} } = given;
  return { connectorConfig, connectorOverrides };
}
