/** Looks the tables that a connector's lists mean up in the database. */
import type { Client } from "pg";
import { readTableFacts } from "../../database/table-facts";
import type { ConnectorConfig } from "../../rest/api";
import { type Candidate, matching, nameRefusal, type Resolution, resolve } from "./resolution";
import type { TableSelection } from "./table-selection";

const ROLE = "SELECT rolname AS name FROM pg_roles WHERE rolname = coalesce($1, current_user)";

/** Debezium passes over the system's schemas, too. */
const CANDIDATES = `
  SELECT n.nspname AS schema, c.relname AS table, c.oid::int8::float8 AS oid
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'`;

/** Changes nothing: four queries, however many tables there are. */
export async function lookUpTables(
  client: Client,
  selection: TableSelection,
  config: ConnectorConfig,
): Promise<Resolution> {
  const asked = config["database.user"];
  const known = asked === undefined || asked.includes("${") ? null : asked;
  const role: string | undefined = (await client.query(ROLE, [known])).rows[0]?.name;
  const candidates = (await client.query<Candidate>(CANDIDATES)).rows;
  const matched = matching(selection, candidates, config);
  const names = matched
    .filter((candidate) => nameRefusal(candidate) === undefined)
    .map(({ schema, table }) => `${schema}.${table}`);
  const facts = role === undefined ? [] : await readTableFacts(client, names, role);
  return resolve(selection, matched, facts, config, role ?? "");
}
