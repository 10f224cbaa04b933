/** Pure: what a metadata file of a table says. Source: the Iceberg table specification, "Table Metadata", "Snapshots". */

export interface Snapshot {
  readonly records: number;
  readonly dataFiles: number;
}

/** The current snapshot; of a table that has none yet, an empty one. */
export function snapshotOf(metadata: string): Snapshot {
  const table = JSON.parse(withTextIds(metadata));
  const current = table["current-snapshot-id"];
  const found = table.snapshots?.find(
    (snapshot: { "snapshot-id": string }) => snapshot["snapshot-id"] === current,
  );
  return {
    records: Number(found?.summary["total-records"] ?? 0),
    dataFiles: Number(found?.summary["total-data-files"] ?? 0),
  };
}

/** Ids of snapshots are of 64 bits, more than a number of JavaScript holds. */
function withTextIds(metadata: string): string {
  return metadata.replace(/("(?:current-)?snapshot-id"\s*:\s*)(-?\d+)/g, '$1"$2"');
}
