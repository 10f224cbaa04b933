/** A row that is committed as soon as its table exists, and seen as soon as it can be read in the lake. */
import * as fs from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { parse } from "yaml";
import { WALKTHROUGH_SECRETS } from "../../walkthrough-secrets";
import { DeltaLog } from "../observe/delta-log";
import { LakeObjects } from "../observe/lake-objects";
import { type LakeTable, TABLE } from "../systems/system";

const POLL = 200;

/** A platform that may not be there yet. */
export interface Place {
  readonly portOffset: number;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** What every stack of the benchmark has, as Pulumi.yaml declares it, and the walkthrough's secrets. */
export function defaults(): Record<
  "bucket" | "postgresPassword" | "minioRootUser" | "minioRootPassword" | "lakeSecretKey",
  string
> {
  const { config } = parse(fs.readFileSync("Pulumi.yaml", "utf8")) as {
    config: Record<string, { default: string }>;
  };
  const declared = Object.fromEntries(Object.entries(config).map(([name, value]) => [name, value.default]));
  return { ...declared, ...WALKTHROUGH_SECRETS } as ReturnType<typeof defaults>;
}

/**
 * @param signal ends the waiting: what should stand the platform up has failed
 * @returns when all tables had the row, milliseconds since 1970
 */
export async function firstRow(
  place: Place,
  tables: readonly LakeTable[],
  signal: AbortSignal,
): Promise<number> {
  await eventually(signal, () => insertRow(place));
  const { bucket } = defaults();
  const lake = new LakeObjects({
    minioUrl: `http://localhost:${9000 + place.portOffset}`,
    bucket,
    lakeAccessKey: place.accessKey,
    lakeSecretKey: place.secretKey,
  });
  const times = await Promise.all(
    tables.map(async ({ folder }) => {
      const log = new DeltaLog(lake, folder);
      return eventually(signal, async () => {
        const commits = await log.poll();
        return log.table.rows > 0 ? (commits.at(-1)?.seenAt ?? Date.now()) : undefined;
      });
    }),
  );
  return Math.max(...times);
}

async function insertRow({ portOffset }: Place): Promise<true> {
  const { postgresPassword } = defaults();
  const database = new Client({
    connectionString: `postgresql://postgres:${postgresPassword}@localhost:${5432 + portOffset}/postgres`,
    connectionTimeoutMillis: 2000,
  });
  database.on("error", () => {});
  try {
    await database.connect();
    await database.query(`INSERT INTO public.${TABLE} ("customerId", "customerFName") VALUES (1, 'First')`);
    return true;
  } finally {
    await database.end().catch(() => {});
  }
}

/** Again and again until there is an answer: what is asked is only just coming up, so its errors say nothing. */
async function eventually<T>(signal: AbortSignal, ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    if (signal.aborted) throw new Error("no row came: the platform did not come up");
    await pause(POLL);
  }
}
