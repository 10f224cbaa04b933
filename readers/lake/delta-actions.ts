/** Pure: what the actions of a Delta log add up to. Source: the Delta transaction log protocol, "Actions". */
import type { VectorDescriptor } from "./deletion-vectors";

export interface Action {
  readonly add?: Add | null;
  readonly remove?: { readonly path: string; readonly dataChange?: boolean } | null;
  readonly metaData?: {
    readonly schemaString: string;
    readonly partitionColumns?: readonly string[] | null;
    readonly configuration?: Readonly<Record<string, string>> | null;
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
  readonly deletionVector?: VectorDescriptor | null;
  /** False for a compaction. */
  readonly dataChange?: boolean;
  /** JSON, with `numRecords` at least, or nothing. */
  readonly stats?: string | null;
}

export interface LakeColumn {
  /** Name in the data files. */
  readonly stored: string;
  /** A primitive type of the Delta protocol, `array<…>` of one, or else JSON. */
  readonly type: string;
}

export interface TableState {
  readonly files: Map<
    string,
    {
      version: number;
      modificationTime: number;
      size: number;
      vector: VectorDescriptor | undefined;
      stats: string | undefined;
    }
  >;
  columns: ReadonlyMap<string, LakeColumn>;
  configuration: Readonly<Record<string, string>>;
  partitioned: boolean;
  readerVersion: number;
  readerFeatures: readonly string[];
}

/** Features that change nothing in what `verify` reads, or that it knows. */
const KNOWN_FEATURES = new Set(["columnMapping", "timestampNtz", "vacuumProtocolCheck", "deletionVectors"]);

export function emptyState(): TableState {
  return {
    files: new Map(),
    columns: new Map(),
    configuration: {},
    partitioned: false,
    readerVersion: 1,
    readerFeatures: [],
  };
}

/** @param version -1 for those of a checkpoint, which come before every commit after it */
export function applyCommit(state: TableState, version: number, actions: readonly Action[]): void {
  for (const { remove } of actions) if (remove) state.files.delete(remove.path);
  for (const { add, metaData, protocol } of actions) {
    if (add) {
      state.files.set(add.path, {
        version,
        modificationTime: Number(add.modificationTime),
        size: Number(add.size),
        vector: add.deletionVector?.storageType ? add.deletionVector : undefined,
        stats: add.stats ?? undefined,
      });
    }
    if (metaData) {
      state.columns = columnsIn(metaData.schemaString);
      state.configuration = metaData.configuration ?? {};
      state.partitioned = (metaData.partitionColumns ?? []).length > 0;
    }
    if (protocol) {
      state.readerVersion = Number(protocol.minReaderVersion);
      state.readerFeatures = protocol.readerFeatures ?? [];
    }
  }
}

/** The files alone do not say what is in the table. */
export class UnreadableTable extends Error {}

/** @throws UnreadableTable */
export function checkReadable(state: TableState): void {
  const unknown = state.readerFeatures.filter((feature) => !KNOWN_FEATURES.has(feature));
  const problem =
    state.readerVersion > 3
      ? `reader version ${state.readerVersion}`
      : unknown.length > 0
        ? `the reader feature ${unknown.join(", ")}`
        : state.partitioned
          ? "partition columns"
          : undefined;
  if (problem) {
    throw new UnreadableTable(
      `it has ${problem}, which verify cannot read, and the streaming job does not make; see in its _delta_log who changed it`,
    );
  }
}

function columnsIn(schemaString: string): Map<string, LakeColumn> {
  const { fields } = JSON.parse(schemaString) as {
    fields: { name: string; type: unknown; metadata?: Record<string, unknown> }[];
  };
  return new Map(
    fields.map(({ name, type, metadata }) => [
      name,
      { stored: String(metadata?.["delta.columnMapping.physicalName"] ?? name), type: typeText(type) },
    ]),
  );
}

function typeText(type: unknown): string {
  if (typeof type === "string") return type;
  const { type: kind, elementType } = type as { type?: string; elementType?: unknown };
  return kind === "array" ? `array<${typeText(elementType)}>` : JSON.stringify(type);
}
