import type { DatabaseFacts } from "../../../providers/kafka-connect/database/facts";
import type { PublicationFacts } from "../../../providers/kafka-connect/database/publication-facts";
import type { ColumnFacts, TableFacts } from "../../../providers/kafka-connect/database/table-facts";

/** A database fit for a connector that captures public.links, with what a test changes about it. */
export function factsOf(changes: Partial<DatabaseFacts> = {}): DatabaseFacts {
  return {
    database: "shop",
    encoding: "UTF8",
    walLevel: "logical",
    slots: { used: 1, limit: 10 },
    senders: { used: 1, limit: 10 },
    role: { name: "reader", maySignIn: true, mayReplicate: true },
    tables: [tableOf()],
    slot: undefined,
    publication: undefined,
    privileges: {
      isSuperuser: true,
      mayPublish: true,
      notOwned: [],
      ownsPublication: undefined,
      signalTable: undefined,
    },
    ...changes,
  };
}

/** A table with nothing special about it. */
export function tableOf(changes: Partial<TableFacts> = {}): TableFacts {
  return {
    name: "public.links",
    kind: "table",
    isUnlogged: false,
    isTemporary: false,
    isReadable: true,
    hidesRows: false,
    root: undefined,
    children: [],
    mutePartitions: [],
    primaryKey: { columns: ["id"], isDeferrable: false },
    uniqueIndex: undefined,
    identity: { kind: "primary key" },
    columns: [columnOf("id", "int4", { isNotNull: true, isOutOfLine: false }), columnOf("note", "text")],
    ...changes,
  };
}

/** A column of a base type, nullable, that may have large values. */
export function columnOf(name: string, type: string, changes: Partial<ColumnFacts> = {}): ColumnFacts {
  return {
    name,
    type,
    base: { name: type, kind: "base" },
    element: undefined,
    isNotNull: false,
    isGenerated: false,
    hasDefault: false,
    isOutOfLine: true,
    comparesLoosely: false,
    ...changes,
  };
}

export function publicationOf(changes: Partial<PublicationFacts> = {}): PublicationFacts {
  return {
    hasAllTables: false,
    isViaRoot: false,
    leavesOut: [],
    tables: ["public.links"],
    partly: [],
    ...changes,
  };
}
