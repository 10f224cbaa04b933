import * as pulumi from "@pulumi/pulumi";
import { type DatabasePlace, urlOf } from "../providers/postgresql/url";
import type { PostgresqlEndpoint } from "./endpoints";

/** How this machine reaches a database; not known before there is something to reach. */
export function accessFromHere(server: PostgresqlEndpoint): pulumi.Output<DatabasePlace> {
  return pulumi
    .all([server.password, server.identity])
    .apply(([password]) => placeFromHere(server, password));
}

/** The same as a URL with the password in it, known before the server is there. */
export function urlFromHere(server: PostgresqlEndpoint): pulumi.Output<string> {
  return server.password.apply((password) => urlOf(placeFromHere(server, password), server.tls?.ca?.file));
}

function placeFromHere(
  { outside, user, database, tls }: PostgresqlEndpoint,
  password: string,
): DatabasePlace {
  return {
    ...outside,
    user,
    password,
    database,
    ...(tls ? { tls: { sslmode: tls.sslmode, ca: tls.ca?.text } } : {}),
  };
}
