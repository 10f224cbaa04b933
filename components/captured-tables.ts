import * as pulumi from "@pulumi/pulumi";
import { connected } from "../providers/kafka-connect/database/connection";
import { lookUpTables } from "../providers/kafka-connect/debezium/lists/lookup";
import type { Resolution } from "../providers/kafka-connect/debezium/lists/resolution";
import { lakePath, tableName, topicOf } from "../providers/kafka-connect/debezium/table-names";
import { usualPacing } from "../providers/kafka-connect/pacing";
import { listing } from "../providers/kafka-connect/text/listing";
import type { ConnectorFile } from "./connector-file";
import { accessFromHere } from "./database-access";
import type { PostgresqlEndpoint } from "./endpoints";
import type { SourceTables } from "./source-tables";

export interface CapturedTablesArgs {
  file: ConnectorFile;
  postgresql: PostgresqlEndpoint;
  tables: SourceTables;
}

export interface CapturedTables {
  /** As `schema.table`. */
  readonly names: pulumi.Output<string[]>;
  /** One topic each, in their order: `<topic.prefix>.<schema>.<table>`. */
  readonly topics: pulumi.Output<string[]>;
  /** Where each lies below a folder of the lake, in their order. */
  readonly lakePaths: pulumi.Output<string[]>;
}

/** The tables that the connector's lists mean, and where their changes go. */
export function capturedTables(args: CapturedTablesArgs): CapturedTables {
  const names = tableNames(args);
  const parts = names.apply((all) => all.flatMap((name) => tableName(name) ?? []));
  const prefix = args.file.config["topic.prefix"] ?? "";
  return {
    names,
    topics: parts.apply((all) => all.map((table) => topicOf(prefix, table))),
    lakePaths: parts.apply((all) => all.map(lakePath)),
  };
}

/**
 * Names need no look into the database. What expressions match is
 * looked up there once its tables are as they will be: a preview that cannot know that yet does not know the tables either.
 *
 * @throws pulumi.RunError, from within, when the database does not answer, or there is no table
 */
function tableNames({ file, postgresql, tables }: CapturedTablesArgs): pulumi.Output<string[]> {
  if (!file.selection.isOpen) return pulumi.output([...file.selection.named]);
  const found = pulumi.all([accessFromHere(postgresql), tables.applied]).apply(([access]) =>
    resolved(file, access).catch((error: Error) => {
      throw error instanceof pulumi.RunError ? error : new pulumi.RunError(error.message);
    }),
  );
  // The password is the only secret in it.
  return pulumi.unsecret(found);
}

async function resolved(
  { selection, config, file }: ConnectorFile,
  access: Parameters<typeof connected>[0],
): Promise<string[]> {
  const patience = pulumi.runtime.isDryRun() ? 0 : usualPacing.unreachable;
  const resolution = await connected(access, patience, usualPacing, (database) =>
    lookUpTables(database, selection, config),
  );
  if (resolution.tables.length === 0) {
    throw new pulumi.RunError(
      `${file}: the lists of tables match no table of database ${access.database}${because(resolution)}.`,
    );
  }
  await tell(resolution, file);
  return [...resolution.tables];
}

/** How many, the first names, and what is not among them. */
async function tell({ tables, leftOut, idle }: Resolution, file: string): Promise<void> {
  const count = tables.length === 1 ? "1 table" : `${tables.length.toLocaleString("en")} tables`;
  await pulumi.log.info(`${file}: the lists of tables mean ${count} now: ${listing(tables)}`);
  if (leftOut.length > 0) {
    const each = leftOut.map(({ table, reason }) => `${table} (${reason})`);
    await pulumi.log.warn(`${file}: matched, but cannot be captured, and left out: ${listing(each)}`);
  }
  if (idle.length > 0) {
    await pulumi.log.warn(
      `${file}: ${listing(idle.map((entry) => JSON.stringify(entry)))} of "table.include.list" match${idle.length > 1 ? "" : "es"} no table`,
    );
  }
}

function because({ leftOut, idle }: Resolution): string {
  if (leftOut.length > 0) {
    return ` that can be captured: ${listing(leftOut.map(({ table, reason }) => `${table} (${reason})`))}`;
  }
  const [first] = idle;
  if (first === undefined) return "";
  return (
    `: ${listing(idle)} ${idle.length > 1 ? "are taken for regular expressions" : "is taken for a regular expression"}, as one of ` +
    "* + ? | ^ [ { makes it. In a name, put a backslash before it"
  );
}
