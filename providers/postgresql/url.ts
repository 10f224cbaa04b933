/** `postgresql://` URLs as libpq reads them (PostgreSQL, "Connection URIs"): what a stack's outputs have, and `psql` takes. */
import * as fs from "node:fs";
import type { ClientConfig } from "pg";
import { type DatabaseTls, sslOf } from "./tls";

export interface DatabasePlace {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls?: DatabaseTls | undefined;
}

/** @param caFile where the authorities' certificates lie, which a URL names */
export function urlOf({ host, port, user, password, database, tls }: DatabasePlace, caFile?: string): string {
  const server = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  // libpq takes no plus sign for a blank.
  const query = [
    ...(tls ? [`sslmode=${tls.sslmode}`] : []),
    ...(tls && caFile ? [`sslrootcert=${encodeURIComponent(caFile)}`] : []),
  ].join("&");
  return (
    `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${server}/` +
    `${encodeURIComponent(database)}${query && `?${query}`}`
  );
}

/** @throws Error when the file of authorities that it names cannot be read */
export function placeOf(url: string): DatabasePlace {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const sslmode = searchParams.get("sslmode");
  const caFile = searchParams.get("sslrootcert");
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ...(sslmode
      ? {
          tls: {
            sslmode: sslmode as DatabaseTls["sslmode"],
            ...(caFile ? { ca: fs.readFileSync(caFile, "utf8") } : {}),
          },
        }
      : {}),
  };
}

/** What `pg` needs to connect. Its own reading of a URL takes `require` for `verify-full`. */
export function connectionTo(place: DatabasePlace): ClientConfig {
  const { tls, ...rest } = place;
  return { ...rest, ssl: sslOf(tls) };
}
