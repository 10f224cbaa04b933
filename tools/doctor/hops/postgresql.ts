import { UserError } from "../../../cli/console";
import { writeMarker } from "../../verify/source/marker";
import type { Hop } from "../hop";

/** Clocks further apart than this make signatures, retention and freshness wrong. */
const CLOCK_SECONDS = 60;

export const postgresql: Hop = {
  name: "PostgreSQL",
  services: ["postgresql"],
  async follow(journey) {
    const source = await journey.source();
    const { rows } = await source.query(
      "SELECT current_setting('wal_level') AS level, extract(epoch FROM clock_timestamp())::float8 AS clock",
    );
    const { level, clock } = rows[0];
    if (level !== "logical") {
      throw new UserError(
        `wal_level is ${level}, so no change is written in a form that a connector can read`,
        "ALTER SYSTEM SET wal_level = 'logical', and restart PostgreSQL.",
      );
    }
    const apart = clock - Date.now() / 1000;
    if (Math.abs(apart) > CLOCK_SECONDS) {
      throw new UserError(
        `its clock is ${Math.round(Math.abs(apart))} s ${apart > 0 ? "ahead of" : "behind"} this machine's`,
        "Set the clocks right (NTP); then `npm run up`.",
      );
    }
    journey.marker = await writeMarker(source);
    return "answers, and took a marker into its log (wal_level logical)";
  },
};
