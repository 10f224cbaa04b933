import { writeMarker } from "../../../readers/source/marker";
import { UserError } from "../../../stack/console";
import { wrongClock } from "../../status/clocks";
import type { Hop } from "../hop";

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
    const { container } = journey.serviceOf("postgresql");
    const wrong = wrongClock({ service: "postgresql", container, ahead: clock - Date.now() / 1000 });
    if (wrong) throw new UserError(wrong.text, wrong.fix);
    journey.marker = await writeMarker(source);
    return "answers, and took a marker into its log (wal_level logical)";
  },
};
