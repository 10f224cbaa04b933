import * as fs from "node:fs";
import * as path from "node:path";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Postgresql } from "./postgresql";

export interface SourceTablesArgs {
  postgresql: Postgresql;
  /** Repeatable SQL that makes the tables. */
  schema: string;
}

/** The tables of the source: applies the stack's SQL file. */
export class SourceTables extends pulumi.ComponentResource {
  constructor(name: string, args: SourceTablesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:SourceTables", name, {}, opts);
    const { container, user, database } = args.postgresql;
    new command.local.Command(
      `${name}-schema`,
      {
        create: pulumi.interpolate`docker exec -i ${container.name} psql -v ON_ERROR_STOP=1 -q -U ${user} -d ${database}`,
        stdin: args.schema,
        // A replaced container may have an empty database.
        triggers: [container.id],
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
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
