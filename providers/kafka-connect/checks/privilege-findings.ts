import type { DatabaseFacts, DatabaseQuestion } from "../database/facts";
import { qualified } from "../database/replication-sql";
import { sqlIdentifier } from "../debezium/table-names";
import type { ConnectorConfig } from "../rest/api";
import { listing } from "../text/listing";
import { configError, type Finding } from "./finding";

const GRANTS = "`npm run grants` prints the SQL for who may";

/** What a role that is no superuser may not do, and the connector needs. */
export function judgePrivileges(
  config: ConnectorConfig,
  facts: DatabaseFacts,
  question: DatabaseQuestion,
): Finding[] {
  const { role, privileges } = facts;
  if (!role || !privileges || privileges.isSuperuser) return [];
  return [
    ...publication(config, facts, question, role.name),
    ...signalTable(config, facts, question, role.name),
  ];
}

/** Unless it is told not to, Debezium makes the publication or puts the tables into it, at each start. */
function publication(
  config: ConnectorConfig,
  { database, privileges, publication: found }: DatabaseFacts,
  { publication: name = "" }: DatabaseQuestion,
  role: string,
): Finding[] {
  const mode = config["publication.autocreate.mode"] ?? "all_tables";
  if (config["plugin.name"] !== "pgoutput" || !privileges || mode === "disabled") return [];
  if (mode === "all_tables") {
    if (found) return [];
    return [
      configError(
        "publication.autocreate.mode",
        `is ${mode}: a publication of all tables is made by a superuser only, which ${role} is not. ${GRANTS}; then set it to disabled`,
      ),
    ];
  }
  const reasons: string[] = [];
  if (found && privileges.ownsPublication === false) reasons.push(`is not the owner of ${name}`);
  if (!found && !privileges.mayPublish) reasons.push(`has no CREATE on database ${database}`);
  if (privileges.notOwned.length > 0) reasons.push(`does not own ${listing(privileges.notOwned)}`);
  if (reasons.length === 0) return [];
  return [
    configError(
      "publication.autocreate.mode",
      `is ${mode}, but ${role} may not put the tables into publication ${name}: it ${reasons.join(", and ")}. ` +
        `${GRANTS}; then set it to disabled`,
    ),
  ];
}

function signalTable(
  config: ConnectorConfig,
  { privileges, publication: found }: DatabaseFacts,
  { publication: name = "", signals }: DatabaseQuestion,
  role: string,
): Finding[] {
  const table = privileges?.signalTable;
  if (!table || !signals) return [];
  const wrong = (text: string) => [configError("signal.data.collection", text)];
  const sql = qualified(signals);
  if (!table.exists) {
    if (table.mayCreate) return [];
    return wrong(
      `names ${signals.schema}.${signals.table}, which is not there, and ${role} may not make it. ${GRANTS}`,
    );
  }
  if (table.lacks.length > 0) {
    return wrong(
      `names ${signals.schema}.${signals.table}, which ${role} may not use: GRANT ${table.lacks.join(", ")} ON ${sql} TO ${sqlIdentifier(role)}`,
    );
  }
  if (config["publication.autocreate.mode"] === "disabled" && found && !table.isPublished) {
    return wrong(
      `names ${signals.schema}.${signals.table}, which is not in publication ${name}, so that signals would not arrive: ` +
        `ALTER PUBLICATION ${sqlIdentifier(name)} ADD TABLE ${sql}`,
    );
  }
  return [];
}
