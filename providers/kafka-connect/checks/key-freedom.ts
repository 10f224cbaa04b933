import { DEBEZIUM_POSTGRES_NAMES } from "../debezium/postgres";
import type { ConnectorConfig } from "../rest/api";

/**
 * How sure one can be about a key that is in no list of a connector's keys:
 * - `open`: whoever wrote it chose its name, there is nothing to say;
 * - `loose`: it is handed on to something that may know it, so only a near miss of a listed key is a mistake;
 * - `closed`: nobody reads it.
 */
export type KeyFreedom = "open" | "loose" | "closed";

/**
 * Keys that Debezium reads though its list of keys, which it gives to Connect, leaves them out. Source: the keys in the
 * class files of debezium-{connector-common,connector-postgres,config}-3.7.0.Final.
 */
export const DEBEZIUM_UNLISTED: readonly string[] = [
  "create.slot.command.timeout",
  "custom.retriable.exception",
  "include.schema.changes",
  "memory.management.cache.size",
  "money.fraction.digits",
  "offset.mismatch.strategy",
  "poll.dispatch.interval.ms",
  "queue.provider.type",
  "read.only",
  "signal.file",
  "signal.kafka.bootstrap.servers",
  "signal.kafka.poll.timeout.ms",
  "signal.kafka.topic",
  "slot.seek.to.known.offset.on.start",
  "topic.cache.size",
  "topic.delimiter",
  "topic.heartbeat.name",
  "topic.heartbeat.prefix",
  "topic.key.enforce.uniqueness",
  "topic.key.field.name",
  "topic.key.field.regex",
  "topic.key.field.replacement",
  "topic.regex",
  "topic.replacement",
  "topic.transaction",
];

/** `driver.`: for the JDBC driver; `internal.`: Debezium's own; the others end in a name of the user's. */
const DEBEZIUM_OPEN =
  /^(driver|internal|signal\.consumer|memory\.management|snapshot\.select\.statement\.overrides)\.|^column\.(truncate\.to\.\d+\.chars|mask\.with\.\d+\.chars|mask\.hash(\.v2)?\.[^.]+\.with\.salt\..+)$/;
/** Keys whose value lists names, each of which starts keys of the user's: `converters=iso`, `iso.type=…`. */
const DEBEZIUM_ALIASES = ["converters", "post.processors"];

const CLIENT = /^(producer|consumer|admin)\.override\./;
const CONVERTER = /^(key|value|header)\.converter\./;
const NAMED = /^(transforms|predicates|topic\.creation)\.([^.]+)\./;

export function isDebeziumPostgres(config: ConnectorConfig): boolean {
  return DEBEZIUM_POSTGRES_NAMES.includes(config["connector.class"] ?? "");
}

/** What may be said about a key that is in no list. */
export function freedomOf(key: string, config: ConnectorConfig): KeyFreedom {
  const named = NAMED.exec(key);
  if (named) {
    const [, owner = "", name = ""] = named;
    if (!namesIn(config, owner).includes(name)) return "closed";
    // A topic's settings are the broker's to know; those of a transformation are listed, as a rule.
    return owner === "topic.creation" ? "open" : "loose";
  }
  if (CLIENT.test(key) || CONVERTER.test(key)) return "loose";
  if (!isDebeziumPostgres(config)) return "loose";
  if (DEBEZIUM_OPEN.test(key)) return "open";
  if (DEBEZIUM_ALIASES.some((owner) => namesIn(config, owner).some((name) => key.startsWith(`${name}.`)))) {
    return "open";
  }
  // Goes to the JDBC driver as well, and so may be one of its settings.
  return key.startsWith("database.") ? "loose" : "closed";
}

/** Why a key under `transforms.`, `predicates.` or `topic.creation.` is of no use: nothing of that name is declared. */
export function undeclaredName(
  key: string,
  config: ConnectorConfig,
): { list: string; name: string } | undefined {
  const [, owner = "", name = ""] = NAMED.exec(key) ?? [];
  if (name === "" || namesIn(config, owner).includes(name)) return undefined;
  return { list: listOf(owner), name };
}

function namesIn(config: ConnectorConfig, owner: string): string[] {
  const names = (config[listOf(owner)] ?? "").split(",").map((name) => name.trim());
  return owner === "topic.creation" ? [...names, "default"] : names;
}

function listOf(owner: string): string {
  return owner === "topic.creation" ? "topic.creation.groups" : owner;
}
