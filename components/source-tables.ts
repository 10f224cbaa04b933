import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { escapeLiteral } from "pg";
import { tableName } from "../providers/kafka-connect/debezium/table-names";
import type { PostgresqlEndpoint } from "./endpoints";
import { type PsqlClient, psqlCommand } from "./psql";

export interface SourceTablesArgs {
  postgresql: PostgresqlEndpoint;
  /** Where `psql` runs; asked for only when there is SQL to run. */
  client: () => PsqlClient;
  /** Repeatable SQL that makes the tables; undefined where they are made elsewhere. */
  schema: string | undefined;
  /** Those whose SQL comes first, and may make these too. */
  after: SourceTables | undefined;
  /** Tables to be captured, as `schema.table`; each has to be there afterwards. */
  tables: string[];
}

/** The captured tables: applies the stack's SQL file, and fails when one of them is still missing, or is no table. */
export class SourceTables extends pulumi.ComponentResource {
  /** Known as soon as the tables are as they will be: while SQL is about to run, a preview does not know it. */
  readonly applied: pulumi.Output<string>;
  /** Whether SQL of the stack makes tables in this database, so that one that is missing is a mistake. */
  private readonly isMadeHere: boolean;

  constructor(name: string, args: SourceTablesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:SourceTables", name, {}, opts);
    const { schema, after } = args;
    const { identity, database, madeBy } = args.postgresql;
    const before = after?.applied ?? identity;
    this.isMadeHere = schema !== undefined || (after?.isMadeHere ?? false);
    if (!this.isMadeHere) {
      this.applied = before;
      this.registerOutputs({});
      return;
    }
    const psql = psqlCommand(args.postgresql, args.client());
    const afterServer = { parent: this, dependsOn: [...madeBy, ...(after ? [after] : [])] };
    const made =
      schema === undefined
        ? undefined
        : new command.local.Command(
            `${name}-schema`,
            // A replaced server may have an empty database. Other SQL is another command, so that `applied` is unknown before it.
            { ...psql, stdin: schema, triggers: [before, hash(schema)] },
            afterServer,
          );
    this.applied = made?.id ?? before;
    // Apart from the schema: another list of tables changes nothing in the database, which a preview can look at.
    const check = capturableCheck(args.tables, database);
    new command.local.Command(
      `${name}-check`,
      { ...psql, stdin: check, triggers: [this.applied, hash(check)] },
      afterServer,
    );
    this.registerOutputs({});
  }
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * SQL that fails, with a message for the user, when a captured table is missing or cannot be published: early, before topics
 * and a streaming job are made for a table that cannot be captured.
 */
export function capturableCheck(tables: readonly string[], database: string): string {
  const names = tables.flatMap((table) => tableName(table) ?? []);
  if (names.length === 0) return "";
  const body = `
DECLARE bad record;
BEGIN
  SELECT problem, help, array_agg(name ORDER BY position) AS names INTO bad FROM (
    SELECT position, schema || '.' || name AS name,
      CASE WHEN c.oid IS NULL THEN ${escapeLiteral(`does not exist in database ${database}`)}
        WHEN c.relpersistence = 'u' THEN 'is unlogged' WHEN c.relpersistence = 't' THEN 'is temporary'
        WHEN c.relkind = 'v' THEN 'is a view' WHEN c.relkind = 'm' THEN 'is a materialized view'
        WHEN c.relkind = 'f' THEN 'is a foreign table' WHEN c.relkind NOT IN ('r', 'p') THEN 'is no table' END AS problem,
      CASE WHEN c.oid IS NULL THEN 'create it (in the SQL file that cdc:sourceSchema names, say) or take it off the list'
        WHEN c.relpersistence = 'u' THEN format('ALTER TABLE %I.%I SET LOGGED, or take it off the list', schema, name)
        ELSE 'take it off the list' END AS help
    FROM (VALUES ${names.map(({ schema, table }, index) => `(${index}, ${escapeLiteral(schema)}, ${escapeLiteral(table)})`).join(", ")}) AS listed (position, schema, name)
    LEFT JOIN pg_namespace AS n ON n.nspname = schema
    LEFT JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = listed.name
  ) AS judged WHERE problem IS NOT NULL GROUP BY problem, help ORDER BY min(position) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING HINT = bad.help, MESSAGE = format('table %s of "table.include.list" %s',
      array_to_string(bad.names[1:10], ', ') || CASE WHEN cardinality(bad.names) > 10 THEN format(' and %s more', cardinality(bad.names) - 10) ELSE '' END,
      bad.problem);
  END IF;
END`;
  let quote = "$check$";
  while (body.includes(quote)) quote = quote.replace(/.$/, "_$");
  return `DO ${quote}${body} ${quote};`;
}

/** The walkthrough's tables, which are made in no database that is there already. */
const WALKTHROUGH = "sql/schema.sql";

/**
 * The SQL of a `sourceSchema`; undefined where there is nothing to apply.
 *
 * @param isExistingServer whether the database is not the stack's own
 * @param setting what names the file
 * @throws pulumi.RunError when the file is not there
 */
export function sourceSchema(
  file: string | undefined,
  isExistingServer: boolean,
  setting: string,
): string | undefined {
  if (file === undefined || (isExistingServer && file === WALKTHROUGH)) return undefined;
  if (fs.existsSync(file)) return fs.readFileSync(file, "utf8");
  throw new pulumi.RunError(
    `Configuration value ${setting}: ${path.resolve(file)} does not exist. Name an SQL file, empty if the tables are made elsewhere.`,
  );
}
