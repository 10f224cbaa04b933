/** Connections to the source database. */
import { Client } from "pg";
import { connectionTo, placeOf } from "../../providers/postgresql/url";
import { UserError } from "../../stack/console";

const CONNECT_TIMEOUT = 10_000;

/** @throws UserError when the database cannot be reached */
export async function connectSource(url: string): Promise<Client> {
  const client = new Client({
    ...connectionTo(placeOf(url)),
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
    application_name: "verify",
  });
  // A connection that breaks between two queries: the next query reports it.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    const { host, username } = new URL(url);
    throw new UserError(
      `No connection to PostgreSQL at ${host} as ${username}: ${message || code}.`,
      "See that the stack is up: `npm run refresh`, then `npm run up`.",
    );
  }
  return client;
}
