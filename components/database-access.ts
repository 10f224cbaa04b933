import * as pulumi from "@pulumi/pulumi";
import type { DatabaseTls } from "../providers/postgresql/tls";
import { type DatabasePlace, urlOf } from "../providers/postgresql/url";
import type { Address, PostgresqlEndpoint } from "./endpoints";

/** How this machine reaches a database; not known before there is something to reach. */
export function accessFromHere(server: PostgresqlEndpoint): pulumi.Output<DatabasePlace> {
  return pulumi
    .all([server.password, server.identity])
    .apply(([password]) => placeAt(server, server.outside, password));
}

/**
 * A URL with the password in it, known before the server is there.
 *
 * @param address of the two that the server has
 * @param caFile where whoever reads it finds the authorities' certificates, if there are any
 */
export function urlAt(
  server: PostgresqlEndpoint,
  address: Address,
  caFile: string | undefined,
): pulumi.Output<string> {
  return server.password.apply((password) =>
    urlOf(placeAt(server, address, password), server.tls?.ca && caFile),
  );
}

/** To be spread: nothing for a connection in clear. */
export function encryptionOf({ tls }: PostgresqlEndpoint): { tls?: DatabaseTls } {
  return tls ? { tls: { sslmode: tls.sslmode, ca: tls.ca?.text } } : {};
}

function placeAt(server: PostgresqlEndpoint, address: Address, password: string): DatabasePlace {
  const { user, database } = server;
  return { ...address, user, password, database, ...encryptionOf(server) };
}
