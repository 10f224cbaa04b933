/** Pure: from what the database has to the tables that are captured. */

import { generatedKeyColumns, twinColumns } from "../../checks/column-findings";
import { isCapturable, uncapturableKind } from "../../checks/table-findings";
import type { TableFacts } from "../../database/table-facts";
import type { ConnectorConfig } from "../../rest/api";
import { listEntry, listedTable, sharing, sqlIdentifier, sqlOf, type TableName } from "../table-names";
import type { TableSelection } from "./table-selection";

/** A relation that may be meant. */
export interface Candidate extends TableName {
  readonly oid: number;
}

export interface Resolution {
  /** Those captured, as `schema.table`: the named ones as they are listed, whatever is wrong with them, then the others by name. */
  readonly tables: readonly string[];
  /** Those that an expression matches, and that cannot be captured; partitions of captured tables are none of them. */
  readonly leftOut: readonly { readonly table: string; readonly reason: string }[];
  /** Expressions that match nothing. */
  readonly idle: readonly string[];
}

/** The candidates that are not named, and that the lists ask for. */
export function matching(
  selection: TableSelection,
  candidates: readonly Candidate[],
  config: ConnectorConfig,
): Candidate[] {
  const named = new Set(selection.named);
  return candidates.filter((candidate) => {
    const name = textOf(candidate);
    return !named.has(name) && name !== config["signal.data.collection"] && selection.matches(candidate);
  });
}

/** Whether a table can be captured under its name: what else is to be known of it is asked by that. */
export function nameRefusal(candidate: TableName): string | undefined {
  const listed = listedTable(listEntry(textOf(candidate)));
  if ("name" in listed && !candidate.schema.includes(".") && !candidate.table.includes(".")) return undefined;
  return "its name has a dot, a comma or a control character";
}

/**
 * @param matched what {@link matching} gave
 * @param facts what the database says of those whose name will do
 * @param role the one that will read them
 */
export function resolve(
  selection: TableSelection,
  matched: readonly Candidate[],
  facts: readonly TableFacts[],
  config: ConnectorConfig,
  role: string,
): Resolution {
  const byName = new Map(facts.map((table) => [table.name, table]));
  const leftOut: { table: string; reason: string }[] = [];
  let good: { candidate: Candidate; table: TableFacts }[] = [];
  for (const candidate of matched) {
    const table = byName.get(textOf(candidate));
    const reason = nameRefusal(candidate) ?? (table && reasonAgainst(table, config, role));
    if (reason !== undefined) leftOut.push({ table: textOf(candidate), reason });
    else if (table) good.push({ candidate, table });
  }
  const captured = new Set([...selection.named, ...good.map(({ table }) => table.name)]);
  // A partition's changes come as those of the table that it is a partition of.
  good = good.filter(({ table: { root } }) => root === undefined || !captured.has(root));
  const { kept, clashing } = withoutClashes(selection.named, good, config);
  return {
    tables: [...selection.named, ...kept.sort((a, b) => (a < b ? -1 : 1))],
    leftOut: [...leftOut, ...clashing],
    idle: selection.idle(matched),
  };
}

function reasonAgainst(table: TableFacts, config: ConnectorConfig, role: string): string | undefined {
  if (!isCapturable(table)) return uncapturableKind(table);
  if (!table.isReadable) {
    return `${role} may not read it (GRANT SELECT ON ${sqlOf(table.name)} TO ${sqlIdentifier(role)})`;
  }
  if (table.kind === "partitioned table" && config["publish.via.partition.root"] !== "true") {
    return 'a partitioned table; without "publish.via.partition.root": true its partitions are captured, each by itself';
  }
  const twin = twinColumns(table);
  if (twin) return `its columns ${twin.join(" and ")} differ in case only`;
  const [generated] = generatedKeyColumns(table, config);
  return generated === undefined ? undefined : `column ${generated} of its primary key is generated`;
}

/** Of tables that would share a topic or a folder, the named one stays, or the oldest: a new table never takes another's place. */
function withoutClashes(
  named: readonly string[],
  good: readonly { readonly candidate: Candidate; readonly table: TableFacts }[],
  config: ConnectorConfig,
): { kept: string[]; clashing: { table: string; reason: string }[] } {
  const prefix = config["topic.prefix"] ?? "";
  const names = good.map(({ table }) => table.name);
  if (sharing(prefix, [...named, ...names]).length === 0) return { kept: names, clashing: [] };
  const kept: string[] = [];
  const clashing: { table: string; reason: string }[] = [];
  for (const { table } of good.toSorted((a, b) => a.candidate.oid - b.candidate.oid)) {
    const [clash] = sharing(prefix, [...named, ...kept, table.name]);
    if (clash === undefined) kept.push(table.name);
    else clashing.push({ table: table.name, reason: clash.replace(/:[^:]*$/, "") });
  }
  return { kept, clashing };
}

function textOf({ schema, table }: TableName): string {
  return `${schema}.${table}`;
}
