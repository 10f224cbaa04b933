import type { TableFacts } from "./table-facts";

/** Why an update or a delete of such a table does not say which row it was; undefined when it does. */
export function muteness({ identity, primaryKey, mutePartitions, kind }: TableFacts): string | undefined {
  if (kind === "partitioned table") {
    return mutePartitions.length > 0 ? "partitions without replica identity" : undefined;
  }
  switch (identity.kind) {
    case "whole row":
      return undefined;
    case "nothing":
      return "REPLICA IDENTITY NOTHING";
    case "index":
      return identity.columns.length > 0 ? undefined : "a replica identity whose index was dropped";
    case "primary key":
      if (!primaryKey) return "no primary key";
      return primaryKey.isDeferrable ? "a DEFERRABLE primary key, which is no replica identity" : undefined;
  }
}

/** Columns that PostgreSQL logs of a row that is deleted; undefined for all of them, or when it refuses such changes anyway. */
export function loggedColumns(table: TableFacts): readonly string[] | undefined {
  if (muteness(table) !== undefined || table.identity.kind === "whole row") return undefined;
  return table.identity.kind === "index" ? table.identity.columns : table.primaryKey?.columns;
}
