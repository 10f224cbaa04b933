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

/** The captured tables: applies the stack's SQL file and makes sure that every captured table is there. */
export class SourceTables extends pulumi.ComponentResource {
  constructor(name: string, args: SourceTablesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:SourceTables", name, {}, opts);
    const { container, user, database } = args.postgresql;
    new command.local.Command(
      `${name}-schema`,
      {
        create: pulumi.interpolate`docker exec -i ${container.name} psql -v ON_ERROR_STOP=1 -q -U ${user} -d ${database}`,
        stdin: `${args.schema}\n${existenceCheck(args.tables, database)}`,
        // A replaced container may have an empty database.
        triggers: [container.id],
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

/** SQL that fails with a message for the user when a captured table is missing. */
export function existenceCheck(tables: string[], database: string): string {
  return tables
    .map(
      (table) => `DO $$ BEGIN
  IF to_regclass(${literal(quoted(table))}) IS NULL THEN
    RAISE EXCEPTION USING MESSAGE = ${literal(`table ${table} does not exist in database ${database}`)},
      HINT = ${literal(`create it (in the SQL file named by cdc:sourceSchema, say) or take it out of "table.include.list"`)};
  END IF;
END $$;`,
    )
    .join("\n");
}

function quoted(table: string): string {
  return table
    .split(".")
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join(".");
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
