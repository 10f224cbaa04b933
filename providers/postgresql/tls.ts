/** How connections to PostgreSQL are encrypted. */
import type { ConnectionOptions } from "node:tls";

export interface DatabaseTls {
  /** As libpq has them: `require` encrypts, `verify-ca` also asks for a certificate of a trusted authority, `verify-full` for one of that host. */
  readonly sslmode: "require" | "verify-ca" | "verify-full";
  /** Certificates (PEM) of the authorities that are trusted with the server's. */
  readonly ca?: string | undefined;
}

/** As `pg` takes it: false for a connection in clear. */
export function sslOf(tls: DatabaseTls | undefined): ConnectionOptions | false {
  if (!tls) return false;
  if (tls.sslmode === "require") return { rejectUnauthorized: false };
  const ca = tls.ca === undefined ? {} : { ca: tls.ca };
  return tls.sslmode === "verify-full" ? ca : { ...ca, checkServerIdentity: () => undefined };
}
