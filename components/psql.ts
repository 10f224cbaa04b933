/** PostgreSQL's own client, which reads SQL files as their authors tried them, against any server. */
import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { PostgresqlEndpoint } from "./endpoints";
import type { Platform } from "./platform";

/** The container that it runs in, gone when it ends. */
export interface PsqlClient {
  platform: Platform;
  network: pulumi.Input<string>;
  /** Id of an image that has `psql`. */
  image: pulumi.Input<string>;
}

/** What a command needs to run SQL from its standard input: stops at the first error, and says nothing else. */
export function psqlCommand(
  server: PostgresqlEndpoint,
  { platform, network, image }: PsqlClient,
): Pick<command.local.CommandArgs, "create" | "environment"> {
  const { inside, user, database, password, tls } = server;
  const environment: Record<string, pulumi.Input<string>> = {
    PGHOST: inside.host,
    PGPORT: String(inside.port),
    PGUSER: user,
    PGDATABASE: database,
    PGPASSWORD: password,
    PGSSLMODE: tls?.sslmode ?? "disable",
    ...(tls?.ca ? { PGSSLROOTCERT: CA_FILE, DATABASE_CA: tls.ca.text } : {}),
  };
  const labels = platform.labels().map(({ label, value }) => `--label ${label}=${value}`);
  const passed = Object.keys(environment).map((name) => `--env ${name}`);
  const options = [...labels, ...passed].join(" ");
  return {
    create: pulumi.interpolate`docker run --rm -i --network ${network} ${options} --entrypoint sh ${image} -c '${SCRIPT}'`,
    environment,
  };
}

const CA_FILE = "/tmp/database-ca.pem";
const SCRIPT = `if [ -n "$DATABASE_CA" ]; then printf %s "$DATABASE_CA" > ${CA_FILE}; fi; exec psql -v ON_ERROR_STOP=1 -q`;
