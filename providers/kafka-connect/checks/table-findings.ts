/** What keeps listed tables from being captured whole: each kind of trouble one finding, however many tables have it. */

import type { DatabaseFacts, DatabaseQuestion } from "../database/facts";
import { muteness } from "../database/replica-identity";
import type { TableFacts } from "../database/table-facts";
import { sharing, sqlIdentifier, sqlOf } from "../debezium/table-names";
import type { ConnectorConfig } from "../rest/api";
import { forEach, listing } from "../text/listing";
import { configError, configWarning, type Finding } from "./finding";
import { judgeKeys } from "./key-findings";

const LIST = "table.include.list";

export function judgeTables(
  config: ConnectorConfig,
  facts: DatabaseFacts,
  question: DatabaseQuestion,
): Finding[] {
  const { role } = facts;
  if (!role) return [];
  const there = new Map(facts.tables.map((table) => [table.name, table]));
  const tables = facts.tables.filter(isCapturable);
  const capturable = new Set(tables);
  return [
    ...missing(question.tables, there, facts.database),
    ...uncapturable(facts.tables.filter((table) => !capturable.has(table))),
    ...shared(config, question.tables),
    ...unreadable(tables, role.name),
    ...rowSecurity(tables, role.name),
    ...partitions(config, tables),
    ...inherited(tables),
    ...identities(tables),
    ...judgeKeys(config, question, tables),
  ];
}

export function isCapturable({ kind, isUnlogged, isTemporary }: TableFacts): boolean {
  return (kind === "table" || kind === "partitioned table") && !isUnlogged && !isTemporary;
}

/** What a relation is that cannot be captured: `unlogged`, `a view` … */
export function uncapturableKind({ kind, isUnlogged, isTemporary }: TableFacts): string {
  if (isTemporary) return "temporary";
  return isUnlogged ? "unlogged" : `a ${kind}`.replace("a index", "an index");
}

function names(tables: readonly { readonly name: string }[]): string {
  return listing(tables.map(({ name }) => name));
}

function missing(
  listed: readonly string[],
  there: ReadonlyMap<string, unknown>,
  database: string,
): Finding[] {
  const gone = listed.filter((name) => !there.has(name));
  if (gone.length === 0) return [];
  const [no, them] = gone.length === 1 ? ["no such table", "it"] : ["no such tables", "them"];
  return [
    configError(
      LIST,
      `names ${listing(gone)}, but database ${database} has ${no}: create ${them} first, or take ${them} off the list ` +
        "(names are spelt as in PostgreSQL, capitals too)",
    ),
  ];
}

function uncapturable(tables: readonly TableFacts[]): Finding[] {
  const found: Finding[] = [];
  const unlogged = tables.filter(({ isUnlogged }) => isUnlogged);
  if (unlogged.length > 0) {
    found.push(
      configError(
        LIST,
        `names ${names(unlogged)}, which ${unlogged.length > 1 ? "are" : "is"} unlogged: PostgreSQL writes no changes of such a table ` +
          `into its log. ${forEach(unlogged, (table) => `ALTER TABLE ${sqlOf(table.name)} SET LOGGED`)}, or take it off the list`,
      ),
    );
  }
  const temporary = tables.filter(({ isTemporary }) => isTemporary);
  if (temporary.length > 0) {
    found.push(
      configError(
        LIST,
        `names ${names(temporary)}, temporary: only the session that made such a table sees it. Take it off the list`,
      ),
    );
  }
  const others = tables.filter((table) => !unlogged.includes(table) && !temporary.includes(table));
  for (const kind of new Set(others.map((table) => table.kind))) {
    const ofKind = others.filter((table) => table.kind === kind);
    found.push(
      configError(
        LIST,
        `names ${names(ofKind)}, which ${ofKind.length > 1 ? `are ${kind.replace(/x$/, "xe")}s` : `is ${uncapturableKind(ofKind[0] as TableFacts)}`}, ` +
          `and only tables can be captured: ${kind.includes("view") ? "list the tables that it reads instead" : "take it off the list"}`,
      ),
    );
  }
  return found;
}

function shared(config: ConnectorConfig, listed: readonly string[]): Finding[] {
  return sharing(config["topic.prefix"] ?? "", listed).map((text) => configError(LIST, `names ${text}`));
}

function unreadable(tables: readonly TableFacts[], role: string): Finding[] {
  const closed = tables.filter(({ isReadable }) => !isReadable);
  if (closed.length === 0) return [];
  const granted =
    closed.length > 3
      ? forEach(closed, (table) => sqlOf(table.name))
      : closed.map((table) => sqlOf(table.name)).join(", ");
  return [
    configError(
      LIST,
      `names ${names(closed)}, which ${role} may not read: GRANT SELECT ON ${granted} TO ${sqlIdentifier(role)}`,
    ),
  ];
}

function rowSecurity(tables: readonly TableFacts[], role: string): Finding[] {
  const hiding = tables.filter(({ hidesRows }) => hidesRows);
  if (hiding.length === 0) return [];
  return [
    configWarning(
      LIST,
      `names ${names(hiding)}, with row security that applies to ${role}: rows that its policies hide are in no snapshot, while their changes ` +
        `are captured. ALTER ROLE ${sqlIdentifier(role)} BYPASSRLS`,
    ),
  ];
}

function partitions(config: ConnectorConfig, tables: readonly TableFacts[]): Finding[] {
  const found: Finding[] = [];
  const roots = tables.filter(({ kind, root }) => kind === "partitioned table" && root === undefined);
  const listed = new Set(tables.map(({ name }) => name));
  if (roots.length > 0 && config["publish.via.partition.root"] !== "true") {
    found.push(
      configError(
        "publish.via.partition.root",
        `has to be true for ${names(roots)}, ${roots.length > 1 ? "which are partitioned tables" : "a partitioned table"}: ` +
          "otherwise its changes carry the names of its partitions, which are not listed, and none arrives after the snapshot",
      ),
    );
  }
  const doubled = tables.filter(({ root }) => root !== undefined && listed.has(root));
  if (doubled.length > 0) {
    found.push(
      configError(
        LIST,
        `names ${names(doubled)} beside ${listing([...new Set(doubled.map(({ root }) => root ?? ""))])}, of which ` +
          `${doubled.length > 1 ? "they are partitions" : "it is a partition"}: its changes come once, as those of the partitioned table. List that one only`,
      ),
    );
  }
  const branches = tables.filter(
    ({ kind, root }) => kind === "partitioned table" && root !== undefined && !listed.has(root),
  );
  if (branches.length > 0 && config["publish.via.partition.root"] !== "true") {
    found.push(
      configError(
        "publish.via.partition.root",
        `has to be true for ${names(branches)}, which ${branches.length > 1 ? "have" : "has"} partitions of its own`,
      ),
    );
  }
  return found;
}

function inherited(tables: readonly TableFacts[]): Finding[] {
  const parents = tables.filter(({ children }) => children.length > 0);
  if (parents.length === 0) return [];
  const children = listing([...new Set(parents.flatMap((table) => table.children))]);
  return [
    configWarning(
      LIST,
      `names ${names(parents)}, from which ${children} inherit${parents.flatMap((table) => table.children).length > 1 ? "" : "s"}: ` +
        `a snapshot has the children's rows too, but their changes are not captured under this name, so these rows stay as they were. ` +
        "Keep the rows in tables of their own, or in partitions",
    ),
  ];
}

function identities(tables: readonly TableFacts[]): Finding[] {
  const mute = tables.flatMap((table) => {
    const reason = muteness(table);
    return reason === undefined ? [] : [{ ...table, reason }];
  });
  return [...new Set(mute.map(({ reason }) => reason))].map((reason) => {
    const those = mute.filter((table) => table.reason === reason);
    const subjects = those.flatMap(({ name, mutePartitions }) =>
      mutePartitions.length > 0 ? mutePartitions : [name],
    );
    const fix = forEach(subjects, (name) => `ALTER TABLE ${sqlOf(name)} REPLICA IDENTITY FULL`);
    return configWarning(
      LIST,
      `names ${names(those)}, whose updates and deletes do not say which row they change (${reason}): as soon as it is captured, PostgreSQL ` +
        `refuses them. ${fix}, or give it a primary key as its replica identity`,
    );
  });
}
