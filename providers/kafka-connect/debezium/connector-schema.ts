import { DEBEZIUM_POSTGRES_NAMES } from "./postgres";
import debeziumPostgres from "./schemas/debezium-postgres.json";

/** What is known about one key of a connector's config. */
export interface KeySchema {
  /** Kafka's type: BOOLEAN, STRING, INT, SHORT, LONG, DOUBLE, LIST, CLASS or PASSWORD. */
  readonly type: string;
  readonly required?: boolean;
  /** The values it may have, whatever their case. */
  readonly values?: readonly string[];
  /** The smallest number it may be: 0 or 1. */
  readonly min?: number;
}

/**
 * The keys of a connector class, as a worker that has it answered. Written by `npm run connector-schema`; used where no
 * worker can be asked, because it does not exist yet.
 */
export interface ConnectorSchema {
  readonly class: string;
  /** Version of the plugin that was asked. */
  readonly version: string;
  readonly keys: Readonly<Record<string, KeySchema>>;
}

/** The schema kept here for a connector class; there is none for most. */
export function localSchema(connectorClass: string): ConnectorSchema | undefined {
  return DEBEZIUM_POSTGRES_NAMES.includes(connectorClass) ? debeziumPostgres : undefined;
}
