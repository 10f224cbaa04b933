import * as fs from "node:fs";
import execa from "execa";
import { DEBEZIUM_POSTGRES } from "../../providers/kafka-connect/debezium/postgres";
import { Plugin } from "./plugin";
import { probe } from "./probe";
import { configInterface } from "./typescript";

const SCHEMA = "providers/kafka-connect/debezium/schemas/debezium-postgres.json";
const TYPES = "components/debezium-postgres-config.ts";

/** Writes the schema and the typed config that follows from it. @throws UserError when the worker cannot be asked. */
export async function run(url: string): Promise<void> {
  const probed = await probe(await Plugin.on(url, DEBEZIUM_POSTGRES));
  fs.writeFileSync(SCHEMA, `${JSON.stringify(probed.schema, null, 2)}\n`);
  fs.writeFileSync(TYPES, configInterface(probed));
  await execa("npx", ["--no-install", "biome", "format", "--write", SCHEMA, TYPES]);
  const { schema } = probed;
  console.log(`${schema.class} ${schema.version}: ${Object.keys(schema.keys).length} keys`);
  console.log(`Written: ${SCHEMA}, ${TYPES}`);
}
