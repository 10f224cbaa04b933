/** Pure: change events as the connector writes them, for Kafka's own load tools, which take a message a line. */
import { randomCustomer } from "../../tools/datagen/customers/customer";
import { Random } from "../../tools/datagen/random";

const SEED = 11;
const TOPIC = "dbserver2.public.customers1";
const BIGINTS = new Set(["customerId", "customerZipcode"]);
const COLUMNS = [
  "customerId",
  "customerFName",
  "customerLName",
  "customerEmail",
  "customerPassword",
  "customerStreet",
  "customerCity",
  "customerState",
  "customerZipcode",
];

/** Inserts, in JSON: about 700 bytes each, or 3.6 kB with the schema. */
export function changeEvents(count: number, withSchema: boolean): string[] {
  const random = new Random(SEED, "customers");
  return Array.from({ length: count }, (_, index) => {
    const payload = insert(index, randomCustomer(random, String(index + 1)));
    return JSON.stringify(withSchema ? { schema: SCHEMA, payload } : payload);
  });
}

function insert(index: number, customer: readonly string[]): object {
  const milliseconds = 1_795_478_424_957 + index;
  const lsn = 34_071_312 + 240 * index;
  const after = Object.fromEntries(
    COLUMNS.map((column, place) => [
      column,
      BIGINTS.has(column) ? Number(customer[place]) : (customer[place] ?? null),
    ]),
  );
  return {
    before: null,
    after,
    source: {
      version: "3.7.0.Final",
      connector: "postgresql",
      name: "dbserver2",
      ts_ms: milliseconds,
      snapshot: "false",
      db: "postgres",
      sequence: JSON.stringify([String(lsn - 240), String(lsn)]),
      ts_us: milliseconds * 1000,
      ts_ns: milliseconds * 1_000_000,
      schema: "public",
      table: "customers1",
      txId: 763,
      lsn,
      xmin: null,
      origin: null,
      origin_lsn: null,
    },
    transaction: null,
    op: "c",
    ts_ms: milliseconds,
    ts_us: milliseconds * 1000,
    ts_ns: milliseconds * 1_000_000,
  };
}

type Field = [name: string, type: string, optional: boolean, more?: object];

function struct(fields: object[], more: object): object {
  return { type: "struct", fields, ...more };
}

function field([name, type, optional, more]: Field): object {
  return { type, optional, ...more, field: name };
}

function row(name: string): object {
  const columns = COLUMNS.map((column) =>
    field([column, BIGINTS.has(column) ? "int64" : "string", column !== "customerId"]),
  );
  return struct(columns, { optional: true, name: `${TOPIC}.Value`, field: name });
}

const SNAPSHOT = {
  name: "io.debezium.data.Enum",
  version: 1,
  parameters: {
    allowed: "true,first,first_in_data_collection,last_in_data_collection,last,false,incremental",
  },
  default: "false",
};

const SOURCE: Field[] = [
  ["version", "string", false],
  ["connector", "string", false],
  ["name", "string", false],
  ["ts_ms", "int64", false],
  ["snapshot", "string", true, SNAPSHOT],
  ["db", "string", false],
  ["sequence", "string", true],
  ["ts_us", "int64", true],
  ["ts_ns", "int64", true],
  ["schema", "string", false],
  ["table", "string", false],
  ["txId", "int64", true],
  ["lsn", "int64", true],
  ["xmin", "int64", true],
  ["origin", "string", true],
  ["origin_lsn", "int64", true],
];

const TRANSACTION: Field[] = [
  ["id", "string", false],
  ["total_order", "int64", false],
  ["data_collection_order", "int64", false],
];

const REST: Field[] = [
  ["op", "string", false],
  ["ts_ms", "int64", true],
  ["ts_us", "int64", true],
  ["ts_ns", "int64", true],
];

const SCHEMA = struct(
  [
    row("before"),
    row("after"),
    struct(SOURCE.map(field), {
      optional: false,
      name: "io.debezium.connector.postgresql.Source",
      version: 1,
      field: "source",
    }),
    struct(TRANSACTION.map(field), { optional: true, name: "event.block", version: 1, field: "transaction" }),
    ...REST.map(field),
  ],
  { optional: false, name: `${TOPIC}.Envelope`, version: 2 },
);
