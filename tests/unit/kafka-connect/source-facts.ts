import type { SourceFacts, SourceTable } from "../../../providers/kafka-connect/database/source-facts";

/** A table with an integer key, in the publication. */
export function tableOf(changes: Partial<SourceTable> = {}): SourceTable {
  return {
    oid: 100,
    kind: "r",
    replicaIdentity: "d",
    isPublished: true,
    member: 900,
    filter: null,
    columnList: null,
    columns: [
      { number: 1, name: "id", type: "integer", isGenerated: false },
      { number: 2, name: "note", type: "text", isGenerated: false },
    ],
    key: [{ name: "id", type: "int4" }],
    ...changes,
  };
}

/** A source with nothing amiss. */
export function sourceOf(
  tables: Readonly<Record<string, SourceTable>>,
  changes: Partial<SourceFacts> = {},
): SourceFacts {
  return {
    server: { systemIdentifier: "7712", timeline: 1 },
    publication: {
      oid: 50,
      allTables: false,
      viaRoot: false,
      operations: ["insert", "update", "delete", "truncate"],
    },
    slot: { walStatus: "reserved", reason: null },
    tables,
    names: {},
    position: 1_000,
    notLookedAt: [],
    ...changes,
  };
}
