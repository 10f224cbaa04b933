import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Postgresql } from "./postgresql";

export interface SourceTablesArgs {
  postgresql: Postgresql;
  /** Repeatable SQL that makes the tables. */
  schema: string;
  /** Tables to be captured, as `schema.table`; each has to exist afterwards. */
  tables: string[];
}

/** The captured tables: applies the stack's SQL file, and fails when one of them is still missing. */
export class SourceTables extends pulumi.ComponentResource {
  /** Known as soon as the tables are as they will be: while SQL is about to run, a preview does not know it. */
  readonly applied: pulumi.Output<string>;

  constructor(name: string, args: SourceTablesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:SourceTables", name, {}, opts);
    const { container, user, database } = args.postgresql;
    const stdin = `${args.schema}\n${existenceCheck(args.tables, database)}`;
    const schema = new command.local.Command(
      `${name}-schema`,
      {
        create: pulumi.interpolate`docker exec -i ${container.name} psql -v ON_ERROR_STOP=1 -q -U ${user} -d ${database}`,
        stdin,
        // A replaced container may have an empty database. Other SQL is another command, so that `applied` is unknown before it.
        triggers: [container.id, createHash("sha256").update(stdin).digest("hex")],
      },
      { parent: this },
    );
    this.applied = schema.id;
    this.registerOutputs({});
  }
}

/**
 * SQL that fails, with a message for the user, when a captured table is missing: early, before topics and a
 * streaming job are made for a table that cannot be captured.
 */
export function existenceCheck(tables: string[], database: string): string {
  return tables
    .map(
      (table) => `DO $$ BEGIN
  IF to_regclass(${literal(table.split(".").map(quoted).join("."))}) IS NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = ${literal(`table ${table} of "table.include.list" does not exist in database ${database}`)},
      HINT = 'create it (in the SQL file that cdc:sourceSchema names, say) or take it off the list';
  END IF;
END $$;`,
    )
    .join("\n");
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * @throws pulumi.RunError when the file is not there
 */
export function readSourceSchema(file: string): string {
  if (fs.existsSync(file)) return fs.readFileSync(file, "utf8");
  throw new pulumi.RunError(
    `Configuration value cdc:sourceSchema: ${path.resolve(file)} does not exist. Name an SQL file, empty if the tables are made elsewhere.`,
  );
}
