import { literalTables, replicationOf } from "../../providers/kafka-connect/debezium/postgres";
import type { ConnectorConfig } from "../../providers/kafka-connect/rest/api";
import { UserError } from "../../stack/console";
import type { ResnapshotRequest } from "./request";

/**
 * The tables to read again, each once.
 * @param config the connector's, as Connect has it
 * @throws UserError when the connector does not capture one of them, or takes no requests
 */
export function chosenTables(
  { tables, all }: Pick<ResnapshotRequest, "tables" | "all">,
  config: ConnectorConfig,
): string[] {
  const captured = literalTables(config);
  if (!replicationOf(config)?.signalTable) {
    throw new UserError(
      'The connector takes no requests: its config has no "signal.data.collection"',
      'Give it one, such as "public.cdc_signal", and run `npm run up`, which makes the table.',
    );
  }
  if (all) return captured;
  if (tables.length === 0) {
    throw new UserError(
      "No table is named",
      `Name some of ${captured.join(", ")}, or all of them with --all.`,
    );
  }
  const unknown = tables.filter((table) => !captured.includes(table));
  if (unknown.length > 0) {
    throw new UserError(
      `${unknown.join(", ")} ${unknown.length > 1 ? "are" : "is"} not captured; captured are ${captured.join(", ")}`,
      'Name one of those, or add it to "table.include.list" and run `npm run up`.',
    );
  }
  return [...new Set(tables)];
}
