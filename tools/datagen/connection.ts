/** The connection to PostgreSQL, and its errors in words that help. */
import { Client, type DatabaseError } from "pg";
import { UserError } from "../../stack/console";
import type { ConnectionRequest } from "./request";

const connectTimeout = 10_000;

/** Connects, or throws a UserError that says what to change. */
export async function connect(request: ConnectionRequest): Promise<Client> {
  const client = new Client({
    ...request,
    connectionTimeoutMillis: connectTimeout,
    keepAlive: true,
    application_name: "datagen",
  });
  // A connection that breaks between two queries: the next query reports it.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => {});
    throw explainConnectionError(error as Error & { code?: string }, request);
  }
  return client;
}

/** Pure: the message and the fix for an error of the connection attempt. */
export function explainConnectionError(
  error: Error & { code?: string },
  { host, port, user, database, password }: ConnectionRequest,
): UserError {
  const server = `${host}:${port}`;
  const passwordGiven = (password ?? process.env.PGPASSWORD ?? "") !== "";
  if (
    /password must be a (non-empty )?string/.test(error.message) ||
    (error.code === "28P01" && !passwordGiven)
  ) {
    return new UserError(
      `PostgreSQL at ${server} wants a password for ${user}, and none was given.`,
      "Set PGPASSWORD or give -psw; for the stack: npm run outputs -- --show-secrets.",
    );
  }
  switch (error.code) {
    case "ECONNREFUSED":
      return new UserError(
        `Nothing listens at ${server}.`,
        "Start the stack with `npm run up`, or name another server with -hst and -p.",
      );
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new UserError(`The host ${host} is not known here.`, "Check -hst.");
    case "28P01":
      return new UserError(
        `PostgreSQL at ${server} refused the password of ${user}.`,
        "Check -u and -psw (or PGPASSWORD); for the stack: npm run outputs -- --show-secrets.",
      );
    case "28000":
      return new UserError(
        `PostgreSQL at ${server} does not let ${user} in: ${error.message}.`,
        "Check -u, or pg_hba.conf of the server.",
      );
    case "3D000":
      return new UserError(
        `PostgreSQL at ${server} has no database "${database}".`,
        `Check -db, or make it: CREATE DATABASE "${database}".`,
      );
    case "57P03":
      return new UserError(`PostgreSQL at ${server} is still starting.`, "Try again in a few seconds.");
    case "53300":
      return new UserError(
        `PostgreSQL at ${server} has no connection left.`,
        "End another one, or raise max_connections.",
      );
  }
  const reason = error.message || error.code || error.name;
  return new UserError(
    `No connection to PostgreSQL at ${server}: ${reason}.`,
    "Check -hst and -p, and that a PostgreSQL server answers there.",
  );
}

/** True when the server, not the network, reported it; then it has a SQLSTATE of five characters. */
export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && "severity" in error && typeof (error as DatabaseError).code === "string";
}

/** Pure: an error while writing, in words that help; one that is not PostgreSQL's comes back as it is. */
export function explainWriteError(error: unknown, table: string): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error;
  if (isBrokenConnection(error)) {
    return new UserError(
      `The connection to PostgreSQL broke: ${error.message}.`,
      "See that the server runs, and start again with what is not there yet.",
    );
  }
  if (!isDatabaseError(error)) return error;
  if (/replica identity/.test(error.message)) {
    return new UserError(
      `${error.message}.`,
      `Give it one: ALTER TABLE ${table} REPLICA IDENTITY FULL; or a primary key.`,
    );
  }
  if (error.code === "42501") {
    return new UserError(`${error.message}.`, "Give -u a role that may do this, or GRANT it.");
  }
  const detail = error.detail ? ` (${error.detail})` : "";
  return new UserError(
    `PostgreSQL refused it: ${error.message}${detail}.`,
    `SQLSTATE ${error.code}; the server's log has more.`,
  );
}

/** 57P01 to 57P03: the server is shut down, or an administrator ended the session. */
function isBrokenConnection(error: Error & { code?: string }): boolean {
  return (
    /^(57P0[123]|ECONNRESET|EPIPE)$/.test(error.code ?? "") ||
    /Connection terminated|not queryable/.test(error.message)
  );
}
