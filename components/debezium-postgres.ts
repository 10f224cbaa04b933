import type * as pulumi from "@pulumi/pulumi";
import { DEBEZIUM_POSTGRES } from "../providers/kafka-connect/debezium/postgres";
import type { DebeziumPostgresConfig } from "./debezium-postgres-config";

/** Settings whose names are the user's, or another program's: of transformations, converters, clients, the JDBC driver. */
type FurtherConfig = {
  [
    key:
      | `transforms.${string}`
      | `predicates.${string}`
      | `${"key" | "value" | "header"}.converter.${string}`
      | `${"producer" | "consumer" | "admin"}.override.${string}`
      | `topic.creation.${string}`
      | `driver.${string}`
      | `column.${"mask" | "truncate"}.${string}`
      | `snapshot.select.statement.overrides.${string}`
  ]: pulumi.Input<string | number | boolean>;
};

type AsInputs<T> = { [K in keyof T]: pulumi.Input<NonNullable<T[K]>> };

/**
 * The config of a Debezium PostgreSQL connector, each key typed and documented: for the `config` of a `Connector`. A key that
 * does not exist, or a value that it cannot have, does not compile. `connector.class` is added.
 */
export function debeziumPostgres(
  config: AsInputs<DebeziumPostgresConfig> & FurtherConfig,
): Record<string, pulumi.Input<string | number | boolean>> {
  return { "connector.class": DEBEZIUM_POSTGRES, ...config };
}
