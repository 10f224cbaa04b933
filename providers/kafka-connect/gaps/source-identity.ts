/** What a connector captured, so that later can be told whether it still is the same. */
import type { ServerIdentity, SourceColumn, SourceFacts } from "../database/source-facts";

export interface SourceIdentity {
  /** Missing when the role may not ask. */
  readonly server?: ServerIdentity;
  /** The publication's oid; missing when there is none that is looked at. */
  readonly publication?: number;
  /** By `schema.table`. */
  readonly tables: Readonly<Record<string, TableIdentity>>;
}

export interface TableIdentity {
  readonly oid: number;
  /** The oid of its entry in the publication, if it has one of its own. */
  readonly member?: number;
  /** `d`, `i`, `f` or `n`, as in pg_class. */
  readonly replicaIdentity: string;
  readonly columns: readonly Pick<SourceColumn, "number" | "name" | "type">[];
}

export function identityOf(facts: SourceFacts, tables: readonly string[]): SourceIdentity {
  const there = tables.flatMap((name): [string, TableIdentity][] => {
    const table = facts.tables[name];
    if (!table) return [];
    const { oid, member, replicaIdentity, columns } = table;
    return [
      [
        name,
        {
          oid,
          ...(member === null ? {} : { member }),
          replicaIdentity,
          columns: columns.map(({ number, name: column, type }) => ({ number, name: column, type })),
        },
      ],
    ];
  });
  return {
    ...(facts.server ? { server: facts.server } : {}),
    ...(facts.publication ? { publication: facts.publication.oid } : {}),
    tables: Object.fromEntries(there),
  };
}

/** The identity as it is now, but as it was before for the tables named, whose rows have still to be read again. */
export function keepingOld(
  now: SourceIdentity,
  before: SourceIdentity | undefined,
  tables: readonly string[],
): SourceIdentity {
  const kept = Object.entries(before?.tables ?? {}).filter(([name]) => tables.includes(name));
  return { ...now, tables: { ...now.tables, ...Object.fromEntries(kept) } };
}
