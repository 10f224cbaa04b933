/**
 * One text for a value, whichever side it comes from: the text that PostgreSQL prints. For each column there is an SQL
 * expression for PostgreSQL, one for the change log's JSON text and one for the current state's typed value that end in it.
 * NULL stays NULL.
 */
import { exactForm } from "./exact-form";
import { nativeForm } from "./native-form";
import type { ColumnForm, SourceType, ValueModes } from "./source-type";

const CONVERTER = "cdc.connect.ExactValues";

/** Whether the connector has the converter that writes PostgreSQL's own texts (images/kafka-connect/converter). */
export function isExact(modes: ValueModes): boolean {
  const names = (modes.converters ?? "").split(",").map((name) => name.trim());
  return names.some((name) => modes[`${name}.type`] === CONVERTER);
}

/** How values of this type are compared. */
export function columnForm(type: SourceType, modes: ValueModes): ColumnForm {
  return isExact(modes) ? exactForm(type) : nativeForm(type, modes);
}
