/** Pure: what the actions of a Delta log add up to. Source: the Delta transaction log protocol, "Actions". */
import { Obstacle } from "../request";

export interface Action {
  readonly add?: Add | null;
  readonly remove?: { readonly path: string } | null;
  readonly metaData?: {
    readonly schemaString: string;
    readonly partitionColumns?: readonly string[] | null;
    readonly configuration?: unknown;
  } | null;
  readonly protocol?: {
    readonly minReaderVersion: number | string;
    readonly readerFeatures?: readonly string[] | null;
  } | null;
  readonly commitInfo?: { readonly userMetadata?: string } | null;
}

interface Add {
  readonly path: string;
  readonly size: number | string;
  readonly modificationTime: number | string;
  readonly deletionVector?: unknown;
}

export interface TableState {
  files: Map<string, { version: number; modificationTime: number; size: number }>;
  /** Column → its name in the data files. */
  columns: Map<string, string>;
  partitioned: boolean;
  readerVersion: number;
  readerFeatures: readonly string[];
  deletionVectors: boolean;
}

/** Features that change nothing in what `verify` reads, or that it knows; deletion vectors are looked for one by one. */
const KNOWN_FEATURES = new Set(["columnMapping", "timestampNtz", "vacuumProtocolCheck", "deletionVectors"]);

export function emptyState(): TableState {
  return {
    files: new Map(),
    columns: new Map(),
    partitioned: false,
    readerVersion: 1,
    readerFeatures: [],
    deletionVectors: false,
  };
}

/** @param version -1 for those of a checkpoint, which come before every commit after it */
export function applyCommit(state: TableState, version: number, actions: readonly Action[]): void {
  for (const { remove } of actions) if (remove) state.files.delete(remove.path);
  for (const { add, metaData, protocol } of actions) {
    if (add) {
      const { path, size, modificationTime } = add;
      state.files.set(path, { version, modificationTime: Number(modificationTime), size: Number(size) });
      if (add.deletionVector) state.deletionVectors = true;
    }
    if (metaData) {
      state.columns = physicalNames(metaData.schemaString);
      state.partitioned = (metaData.partitionColumns ?? []).length > 0;
    }
    if (protocol) {
      state.readerVersion = Number(protocol.minReaderVersion);
      state.readerFeatures = protocol.readerFeatures ?? [];
    }
  }
}

/** @throws Obstacle when the files alone do not say what is in the table */
export function checkReadable(url: string, state: TableState): void {
  const unknown = state.readerFeatures.filter((feature) => !KNOWN_FEATURES.has(feature));
  const problem =
    state.readerVersion > 3
      ? `reader version ${state.readerVersion}`
      : unknown.length > 0
        ? `the reader feature ${unknown.join(", ")}`
        : state.deletionVectors
          ? "deletion vectors"
          : state.partitioned
            ? "partition columns"
            : undefined;
  if (problem) {
    throw new Obstacle(
      `The Delta table ${url} has ${problem}, which verify cannot read.`,
      "The streaming job does not make such tables; see who changed it (its _delta_log), and rewrite it without.",
    );
  }
}

function physicalNames(schemaString: string): Map<string, string> {
  const { fields } = JSON.parse(schemaString) as {
    fields: { name: string; metadata?: Record<string, unknown> }[];
  };
  return new Map(
    fields.map(({ name, metadata }) => [
      name,
      String(metadata?.["delta.columnMapping.physicalName"] ?? name),
    ]),
  );
}
