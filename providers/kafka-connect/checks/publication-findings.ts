import type { DatabaseQuestion } from "../database/facts";
import type { PublicationFacts } from "../database/publication-facts";
import { replicationOf } from "../debezium/postgres";
import { entriesOf, sqlIdentifier, sqlOf } from "../debezium/table-names";
import type { ConnectorConfig } from "../rest/api";
import { listing } from "../text/listing";
import { configError, configWarning, type Finding } from "./finding";

const KEY = "publication.name";

/** What is wrong with the publication that is there, or that it is not there. */
export function judgePublication(
  config: ConnectorConfig,
  found: PublicationFacts | undefined,
  question: DatabaseQuestion,
): Finding[] {
  const { publication = "" } = question;
  if (config["plugin.name"] !== "pgoutput") return [];
  const mode = config["publication.autocreate.mode"] ?? "all_tables";
  if (!found) {
    if (mode !== "disabled") return [];
    return [
      configError(
        KEY,
        `is ${publication}, but there is no such publication, and "publication.autocreate.mode" is disabled: create it first`,
      ),
    ];
  }
  const name = sqlIdentifier(publication);
  if (mode === "filtered" && found.hasAllTables) {
    return [
      configError(
        KEY,
        `is ${publication}, a publication FOR ALL TABLES, which the connector cannot filter: choose another name, or DROP PUBLICATION ${name}`,
      ),
    ];
  }
  return [
    ...partial(found, publication),
    ...(mode === "disabled" ? tablesOf(config, found, question) : strangers(config, found, question)),
  ];
}

function partial({ leavesOut, partly }: PublicationFacts, publication: string): Finding[] {
  const name = sqlIdentifier(publication);
  const findings: Finding[] = [];
  if (leavesOut.length > 0) {
    findings.push(
      configWarning(
        KEY,
        `is ${publication}, a publication without ${listing(leavesOut)}: these changes never arrive. ` +
          `ALTER PUBLICATION ${name} SET (publish = 'insert, update, delete, truncate')`,
      ),
    );
  }
  if (partly.length > 0) {
    const [first = ""] = partly;
    const table = sqlOf(first);
    findings.push(
      configWarning(
        KEY,
        `is ${publication}, a publication with a row filter or a list of columns for ${listing(partly)}: other rows and columns never arrive. ` +
          `ALTER PUBLICATION ${name} DROP TABLE ${table}; ALTER PUBLICATION ${name} ADD TABLE ${table}`,
      ),
    );
  }
  return findings;
}

/** With a publication that the connector must not touch, what is missing in it stays missing. */
function tablesOf(
  config: ConnectorConfig,
  found: PublicationFacts,
  { publication = "", tables }: DatabaseQuestion,
): Finding[] {
  const name = sqlIdentifier(publication);
  const findings: Finding[] = [];
  const missing = found.hasAllTables ? [] : tables.filter((table) => !found.tables.includes(table));
  if (missing.length > 0) {
    const sql = missing.slice(0, 10).map(sqlOf);
    findings.push(
      configError(
        KEY,
        `is ${publication}, which does not have ${listing(missing)}, and "publication.autocreate.mode" is disabled: ` +
          `ALTER PUBLICATION ${name} ADD TABLE ${sql.join(", ")}${missing.length > sql.length ? ", …" : ""}`,
      ),
    );
  }
  if (config["publish.via.partition.root"] === "true" && !found.isViaRoot) {
    findings.push(
      configError(
        KEY,
        `is ${publication}, which publishes changes of partitions under their own names: ALTER PUBLICATION ${name} SET (publish_via_partition_root = true)`,
      ),
    );
  }
  return findings;
}

/** Tables that nobody listed: PostgreSQL refuses their updates when they have no replica identity. */
function strangers(
  config: ConnectorConfig,
  found: PublicationFacts,
  { publication = "", tables, before }: DatabaseQuestion,
): Finding[] {
  const isWhole = entriesOf(config["table.include.list"]).length === tables.length;
  if (found.hasAllTables || tables.length === 0 || !isWhole) return [];
  const signals = replicationOf(config)?.signalTable;
  const own = new Set([...tables, ...before, ...(signals ? [`${signals.schema}.${signals.table}`] : [])]);
  const others = found.tables.filter((table) => !own.has(table));
  if (others.length === 0) return [];
  return [
    configWarning(
      KEY,
      `is ${publication}, a publication that also has ${listing(others)}, listed nowhere: if it is the connector's own, they leave it when that starts again. ` +
        "Until then PostgreSQL refuses their updates and deletes unless they have a replica identity",
    ),
  ];
}
