/** What the declared lists mean by now, beside the tables that are captured. */
import type { ConnectorConfig } from "../../rest/api";
import { listing } from "../../text/listing";
import { literalTables } from "../postgres";
import { selectionOf, type TableLists, type TableSelection } from "./table-selection";

/** The selection, unless there is none that has to be looked up. */
export function openSelection(lists: TableLists | undefined): TableSelection | undefined {
  if (!lists) return undefined;
  const selection = selectionOf(lists);
  return "refusals" in selection || !selection.isOpen ? undefined : selection;
}

/** Tables that match and are not captured. */
export function notCapturedYet(config: ConnectorConfig, meant: readonly string[]): string[] {
  const captured = new Set(literalTables(config));
  return meant.filter((table) => !captured.has(table));
}

/** A sentence about them. */
export function laterText(tables: readonly string[]): string {
  return `${listing(tables)} match${tables.length > 1 ? "" : "es"} the lists of tables, and ${tables.length > 1 ? "are" : "is"} not captured yet`;
}
