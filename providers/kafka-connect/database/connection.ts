import { setTimeout as pause } from "node:timers/promises";
import { Client, DatabaseError } from "pg";
import { connectionTo } from "../../postgresql/url";
import type { DatabaseAccess } from "../inputs";
import type { Pacing } from "../pacing";

/** SQLSTATE codes (PostgreSQL, appendix A) for starting up, shutting down, or out of connections: all pass. */
const PASSING = new Set(["57P03", "57P01", "53300"]);

/** PostgreSQL does not answer at the address given: it is down, gone, or somewhere else. */
export class DatabaseUnreachable extends Error {}

/** PostgreSQL answers, but refuses. */
export class DatabaseRefuses extends Error {}

/**
 * Runs the work on a connection of its own, trying for `patience` milliseconds to get one.
 * @param query milliseconds that one query may take
 * @throws DatabaseUnreachable or DatabaseRefuses
 */
export async function connected<T>(
  access: DatabaseAccess,
  patience: number,
  pacing: Pacing,
  work: (database: Client) => Promise<T>,
  query = pacing.call,
): Promise<T> {
  const database = await connect(access, patience, pacing, query);
  try {
    return await work(database);
  } catch (error) {
    throw explain(error, access);
  } finally {
    await database.end().catch(() => {});
  }
}

async function connect(
  access: DatabaseAccess,
  patience: number,
  pacing: Pacing,
  query: number,
): Promise<Client> {
  const started = Date.now();
  for (;;) {
    const database = new Client({
      ...connectionTo(access),
      application_name: "cdc-platform",
      connectionTimeoutMillis: pacing.call,
      query_timeout: query,
    });
    // An error that comes after a failed connection attempt has no listener otherwise, and would end the process.
    database.on("error", () => {});
    try {
      await database.connect();
      return database;
    } catch (error) {
      await database.end().catch(() => {});
      const refused = error instanceof DatabaseError && !PASSING.has(error.code ?? "");
      if (refused || Date.now() - started >= patience) throw explain(error, access);
      await pause(pacing.poll);
    }
  }
}

function explain(error: unknown, { host, port, user, database }: DatabaseAccess): Error {
  const where = `PostgreSQL at ${host}:${port}`;
  if (error instanceof DatabaseError && !PASSING.has(error.code ?? "")) {
    return new DatabaseRefuses(`${where} (role ${user}, database ${database}) refuses: ${error.message}`);
  }
  const nested = (error as { errors?: Error[] }).errors?.[0];
  const message = error instanceof Error ? error.message || nested?.message : String(error);
  return new DatabaseUnreachable(`${where} cannot be reached: ${message}`);
}
