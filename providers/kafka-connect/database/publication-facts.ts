import type { Client } from "pg";

/** A publication as it is. */
export interface PublicationFacts {
  readonly hasAllTables: boolean;
  /** Whether changes of partitions are published as those of the partitioned table. */
  readonly isViaRoot: boolean;
  /** Operations that it leaves out, such as `delete`. */
  readonly leavesOut: readonly string[];
  /** Its tables as `schema.table`, those of whole schemas included. */
  readonly tables: readonly string[];
  /** Those of which it has only some rows, or some columns. */
  readonly partly: readonly string[];
}

/**
 * The view of a publication's tables has partitions in the place of a partitioned table that was put in by name. Row filters and column lists are there from PostgreSQL 15 on: read
 * as JSON, they are absent before.
 */
const PUBLICATION = `
  SELECT p.puballtables, p.pubviaroot,
    array_remove(ARRAY[
      CASE WHEN NOT p.pubinsert THEN 'insert' END, CASE WHEN NOT p.pubupdate THEN 'update' END,
      CASE WHEN NOT p.pubdelete THEN 'delete' END, CASE WHEN NOT p.pubtruncate THEN 'truncate' END], NULL) AS leaves_out,
    ARRAY(SELECT n.nspname || '.' || c.relname FROM pg_publication_tables AS t
      JOIN pg_namespace AS n ON n.nspname = t.schemaname JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = t.tablename
      WHERE t.pubname = p.pubname AND NOT p.puballtables AND NOT c.relispartition
      UNION SELECT n.nspname || '.' || c.relname FROM pg_publication_rel AS r
      JOIN pg_class AS c ON c.oid = r.prrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE r.prpubid = p.oid ORDER BY 1) AS tables,
    ARRAY(SELECT n.nspname || '.' || c.relname FROM pg_publication_rel AS r
      JOIN pg_class AS c ON c.oid = r.prrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE r.prpubid = p.oid AND (to_jsonb(r) ->> 'prqual' IS NOT NULL OR to_jsonb(r) ->> 'prattrs' IS NOT NULL) ORDER BY 1) AS partly
  FROM pg_publication AS p WHERE p.pubname = $1`;

/** Undefined when there is none of that name. */
export async function readPublicationFacts(
  client: Client,
  publication: string,
): Promise<PublicationFacts | undefined> {
  const [row] = (await client.query(PUBLICATION, [publication])).rows;
  return (
    row && {
      hasAllTables: row.puballtables,
      isViaRoot: row.pubviaroot,
      leavesOut: row.leaves_out,
      tables: row.tables,
      partly: row.partly,
    }
  );
}
