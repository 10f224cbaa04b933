import { describe, expect, it } from "vitest";
import { snapshotKind } from "../../../../providers/kafka-connect/debezium/snapshot-kind";
import { topicOf } from "../../../../providers/kafka-connect/debezium/table-topic-name";
import { tableOf } from "../source-facts";

const generated = { number: 3, name: "total", type: "numeric", isGenerated: true };

describe("a table's rows", () => {
  it("are read in chunks by a primary key", () => {
    expect(snapshotKind("public.a", tableOf(), {})).toEqual({ type: "incremental" });
  });

  it("are read all at once without one: Debezium would pass over the table", () => {
    expect(snapshotKind("public.a", tableOf({ key: [] }), {})).toEqual({
      type: "blocking",
      why: "it has no primary key",
    });
  });

  it.each(["rw.with blank", 'rw.a"b', "a b.c"])(
    "are read all at once when Debezium cannot parse the name: %s",
    (name) => {
      expect(snapshotKind(name, tableOf(), {})).toEqual({
        type: "blocking",
        why: "its name has a blank or a quote",
      });
      expect(snapshotKind("rw.price$list-ü", tableOf(), {}).type).toBe("incremental");
    },
  );

  it("are read all at once with a generated column, unless the connector leaves it out", () => {
    const table = tableOf({ columns: [...tableOf().columns, generated] });
    expect(snapshotKind("public.a", table, {}).why).toBe("column total is generated");
    const without = { "column.exclude.list": "public.b.x, public\\.a\\.(sum|TOTAL)" };
    expect(snapshotKind("public.a", table, without).type).toBe("incremental");
    const other = { "column.exclude.list": "(?-i)public\\.a\\.sum" };
    expect(snapshotKind("public.a", table, other).why).toBe("column total is generated");
    expect(snapshotKind("public.a", table, { "column.include.list": "public.a.id" }).type).toBe(
      "incremental",
    );
  });

  it("are read all at once where Debezium cannot compare or keep the key, or is told another one", () => {
    const array = tableOf({ key: [{ name: "id", type: "_int4" }] });
    expect(snapshotKind("public.a", array, {}).why).toBe("its key is of type _int4");
    const keys = { "message.key.columns": "public.z:id;(.*).a:note" };
    expect(snapshotKind("public.a", tableOf(), keys).type).toBe("blocking");
    expect(snapshotKind("public.b", tableOf(), keys).type).toBe("incremental");
  });
});

describe("a table's topic", () => {
  it("is named as Debezium does", () => {
    expect(topicOf({ "topic.prefix": "shop" }, "public.My Orders$")).toBe("shop.public.My_Orders_");
  });

  it("is not known when events change or go elsewhere on their way, or are no JSON", () => {
    const config = { "topic.prefix": "shop" };
    expect(topicOf({ ...config, transforms: "unwrap" }, "public.a")).toBeUndefined();
    expect(
      topicOf({ ...config, "value.converter": "io.confluent.connect.avro.AvroConverter" }, "public.a"),
    ).toBeUndefined();
    expect(
      topicOf({ ...config, "value.converter": "cdc.connect.SchemaCachingJsonConverter" }, "public.a"),
    ).toBeDefined();
  });
});
