/** How far the services' clocks are from this machine's. */
import axios from "axios";
import { impatientDatabase } from "./database";
import { alarmOf, type Trouble } from "./trouble";

export interface Clock {
  readonly service: string;
  readonly container: string;
  /** Seconds ahead of this machine's clock; negative: behind. */
  readonly ahead: number;
}

/** Clocks further apart than this make signatures, retention and freshness wrong. */
const MOST_SECONDS = 60;

/** PostgreSQL's, which stamps every change. */
export async function readDatabaseClock(url: string, milliseconds: number): Promise<number> {
  return impatientDatabase(url, milliseconds, async (client) => {
    const { rows } = await client.query("SELECT extract(epoch FROM clock_timestamp())::float8 AS clock");
    return rows[0].clock - Date.now() / 1000;
  });
}

/** A web server's, to the second, from the header that each of its answers has. */
export async function readServerClock(url: string, milliseconds: number): Promise<number | undefined> {
  const { headers } = await axios.head(url, {
    timeout: milliseconds,
    proxy: false,
    validateStatus: () => true,
  });
  const at = Date.parse(String(headers.date));
  return Number.isNaN(at) ? undefined : (at - Date.now()) / 1000;
}

/** What is wrong with a clock, and what helps; undefined: nothing. */
export function wrongClock({ service, container, ahead }: Clock): Trouble | undefined {
  if (Math.abs(ahead) <= MOST_SECONDS) return undefined;
  const seconds = Math.round(Math.abs(ahead)).toLocaleString("en-US");
  return {
    text: `the clock of ${service} is ${seconds} s ${ahead > 0 ? "ahead of" : "behind"} this machine's`,
    fix:
      `Containers have the clock of the machine that Docker runs on. If \`docker exec ${container} date\` is wrong because that one is, set it right (NTP). ` +
      `If only this container's is, something was put into it: \`npm run up -- --replace ${service}-container\` makes the container anew, with its data.`,
  };
}

export function clockAlarms(clocks: readonly Clock[]): string[] {
  return clocks.flatMap((clock) => {
    const found = wrongClock(clock);
    return found ? [alarmOf(found)] : [];
  });
}
