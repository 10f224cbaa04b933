import axios from "axios";
import { eventually, type TestStack } from "../platform";
import { type Fault, REFRESH_AND_UP, UP } from "./fault";

const SLOT = "cdc_dbserver2";

function connector(stack: TestStack, path: string): string {
  return `http://localhost:${stack.port(8083)}/connectors/debezium-postgres-connector/${path}`;
}

export const connectorPaused: Fault = {
  name: "connector paused by hand",
  async plant(stack) {
    await axios.put(connector(stack, "pause"), {});
    await eventually(
      "it is paused",
      30,
      async () => (await axios.get(connector(stack, "status"))).data.connector.state,
      (state) => state === "PAUSED",
    );
  },
  seen: /the connector is PAUSED, and was RUNNING/,
  hop: "Debezium connector",
  cause: /is PAUSED/,
  mend: REFRESH_AND_UP,
};

export const slotDropped: Fault = {
  name: "replication slot dropped",
  plant: (stack) =>
    stack.sql(`
      do $$ begin
        for attempt in 1..100 loop
          perform pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '${SLOT}' and active;
          begin
            perform pg_drop_replication_slot('${SLOT}');
            return;
          exception when object_in_use then perform pg_sleep(0.05);
          end;
        end loop;
      end $$`),
  seen: /slot cdc_dbserver2/,
  hop: "Replication slot and publication",
  cause: /slot cdc_dbserver2/,
  mend: UP,
};

export const publicationAltered: Fault = {
  name: "publication altered by hand",
  plant: (stack) => stack.sql(`alter publication ${SLOT} drop table links`),
  seen: /public\.links is not in publication cdc_dbserver2 any more/,
  hop: "Replication slot and publication",
  cause: /public\.links is not in publication/,
  mend: UP,
};
