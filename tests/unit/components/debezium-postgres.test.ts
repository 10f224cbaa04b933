import { expect, it } from "vitest";
import { debeziumPostgres } from "../../../components/debezium-postgres";

const required = {
  "topic.prefix": "shop",
  "database.hostname": "postgresql",
  "database.user": "reader",
  "database.dbname": "shop",
} as const;

it("a typed config is the config as it is, with the connector's class", () => {
  expect(
    debeziumPostgres({
      ...required,
      "snapshot.mode": "no_data",
      "max.batch.size": 100,
      "driver.loginTimeout": 5,
    }),
  ).toEqual({
    "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
    ...required,
    "snapshot.mode": "no_data",
    "max.batch.size": 100,
    "driver.loginTimeout": 5,
  });
});

it("a typed config with a key, a value or a type that does not exist does not compile, nor does one with a key missing", () => {
  // @ts-expect-error: a mistyped key
  debeziumPostgres({ ...required, "slot.nam": "cdc" });
  // @ts-expect-error: no such mode
  debeziumPostgres({ ...required, "snapshot.mode": "initail" });
  // @ts-expect-error: a number is wanted
  debeziumPostgres({ ...required, "max.batch.size": true });
  // @ts-expect-error: the database's name is missing
  debeziumPostgres({ "topic.prefix": "a", "database.hostname": "b", "database.user": "c" });
});
