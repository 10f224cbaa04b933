import { Client } from "pg";
import { connectionTo, placeOf } from "../../providers/postgresql/url";

/** Asks PostgreSQL on a connection of its own, which is given up after so many milliseconds. */
export async function impatientDatabase<T>(
  url: string,
  milliseconds: number,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    ...connectionTo(placeOf(url)),
    connectionTimeoutMillis: milliseconds,
    query_timeout: milliseconds,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
