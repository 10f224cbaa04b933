/** Makes up values for columns of any common type. Pure. */
import { type Customer, type CustomerColumn, customerColumns } from "../customers/customer";
import { firstNames, streetNouns } from "../customers/vocabulary";
import type { TableColumn } from "../load/table";
import type { Random } from "../random";

/** `customer` is one for all columns of a row, so that its city and its state belong together. */
export type ValueMaker = (random: Random, customer: Customer) => string;

/** Undefined for a type that it knows no values of. */
export function valueMaker({ name, type, length }: TableColumn): ValueMaker | undefined {
  const make = customerValue(name, type) ?? typedValue(type.replace(/\(.*?\)/, ""));
  return make && length !== undefined ? (random, customer) => make(random, customer).slice(0, length) : make;
}

function customerValue(name: string, type: string): ValueMaker | undefined {
  const index = customerColumns.indexOf(name as CustomerColumn);
  const isNumber = name === "customerId" || name === "customerZipcode";
  const fits = /^(text|character)/.test(type) || (isNumber && (type === "bigint" || type === "integer"));
  if (index < 0 || !fits) return undefined;
  return (_, customer) => customer[index] as string;
}

function typedValue(type: string): ValueMaker | undefined {
  switch (type) {
    case "smallint":
      return (random) => String(random.integer(0, 32_767));
    case "integer":
    case "bigint":
    case "oid":
      return (random) => String(random.integer(0, 2_147_483_647));
    case "numeric":
      // Small, for a precision that is small.
      return (random) => String(random.integer(0, 9));
    case "real":
    case "double precision":
      return (random) => String(random.integer(0, 1_000_000) / 100);
    case "text":
    case "character varying":
    case "character":
      return (random) => `${random.pick(firstNames)} ${random.pick(streetNouns)} ${random.integer(0, 9999)}`;
    case "boolean":
      return (random) => (random.integer(0, 1) === 1 ? "true" : "false");
    case "date":
      return (random) => timestamp(random).slice(0, 10);
    case "timestamp without time zone":
    case "timestamp with time zone":
      return timestamp;
    case "uuid":
      return uuid;
    case "json":
    case "jsonb":
      return (random) => JSON.stringify({ value: random.integer(0, 1_000_000) });
    default:
      return undefined;
  }
}

/** From 2000 to 2030, to the second. */
function timestamp(random: Random): string {
  return new Date((946_684_800 + random.integer(0, 946_684_800)) * 1000).toISOString();
}

export function uuid(random: Random): string {
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-8${random.hex(3)}-${random.hex(12)}`;
}
