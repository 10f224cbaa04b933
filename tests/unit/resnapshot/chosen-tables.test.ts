import { describe, expect, it } from "vitest";
import { chosenTables } from "../../../tools/resnapshot/chosen-tables";

const config = {
  "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
  "table.include.list": "public.links,public.orders",
  "signal.data.collection": "public.signals",
};
const chosen = (tables: string[], all = false) => chosenTables({ tables, all }, config);

describe("the tables to read again", () => {
  it("are those named, each once, or all that are captured", () => {
    expect(chosen(["public.orders", "public.orders"])).toEqual(["public.orders"]);
    expect(chosen([], true)).toEqual(["public.links", "public.orders"]);
  });

  it("are refused when none is named, or one is not captured, with those that are", () => {
    expect(() => chosen([])).toThrow("No table is named");
    expect(() => chosen(["public.nope"])).toThrow(
      "public.nope is not captured; captured are public.links, public.orders",
    );
  });

  it("cannot be asked for without a signal table", () => {
    const { "signal.data.collection": _none, ...without } = config;
    expect(() => chosenTables({ tables: ["public.links"], all: false }, without)).toThrow(
      "takes no requests",
    );
  });
});
