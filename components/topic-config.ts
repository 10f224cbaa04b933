/** What the topics of captured tables have of their own (configuration value cdc:topicConfig). Pure. */
import { z } from "zod";
import { nearest } from "../providers/kafka-connect/text/nearest";

/** The key whose settings all topics have. */
export const ALL_TABLES = "*";

/** Source: Kafka, "Topic Configs". */
const NAMES = new Set([
  "cleanup.policy",
  "compression.gzip.level",
  "compression.lz4.level",
  "compression.type",
  "compression.zstd.level",
  "delete.retention.ms",
  "file.delete.delay.ms",
  "flush.messages",
  "flush.ms",
  "index.interval.bytes",
  "local.retention.bytes",
  "local.retention.ms",
  "max.compaction.lag.ms",
  "max.message.bytes",
  "message.timestamp.after.max.ms",
  "message.timestamp.before.max.ms",
  "message.timestamp.type",
  "min.cleanable.dirty.ratio",
  "min.compaction.lag.ms",
  "min.insync.replicas",
  "preallocate",
  "remote.storage.enable",
  "retention.bytes",
  "retention.ms",
  "segment.bytes",
  "segment.index.bytes",
  "segment.jitter.ms",
  "segment.ms",
  "unclean.leader.election.enable",
]);

/** Settings that this program answers for, and why. */
const NOT_YOURS: Readonly<Record<string, string>> = {
  "max.message.bytes": "it follows from cdc:maxRowSize, with the limits of broker, producer and readers",
  partitions: "a table's topic has one, which keeps its changes in the order of their commits",
  "cleanup.policy":
    "a topic that is compacted loses changes that the lake has not read; retention.ms and retention.bytes bound it",
};

/** By table as `schema.table`, or `*` for all: Kafka's topic settings. */
export type TopicConfig = Readonly<Record<string, Readonly<Record<string, string>>>>;

const value = z.union([z.string(), z.number(), z.boolean()]).transform(String);

export const topicConfigShape = z
  .record(z.string(), z.record(z.string(), value), {
    error: "an object of Kafka's topic settings by table, such as {'*': {retention.ms: 604800000}}",
  })
  .check((context) => {
    for (const [table, settings] of Object.entries(context.value)) {
      for (const name of Object.keys(settings)) {
        const wrong = problem(name);
        if (wrong) {
          context.issues.push({ code: "custom", message: wrong, path: [table, name], input: context.value });
        }
      }
    }
  });

/** Why a name is refused. Ends the sentence "it has to be …". */
function problem(name: string): string | undefined {
  const reason = NOT_YOURS[name];
  if (reason) return `without ${name}: ${reason}`;
  if (NAMES.has(name)) return undefined;
  const meant = nearest(name, NAMES);
  return `made of Kafka's topic settings, of which ${name} is none${meant ? ` (did you mean ${meant}?)` : ""}`;
}

/** A table's settings: its own before those of all tables. */
export function topicConfigOf(config: TopicConfig, table: string): Record<string, string> {
  return { ...config[ALL_TABLES], ...config[table] };
}

/** Tables that have settings, and are not captured. */
export function withoutTopic(config: TopicConfig, tables: readonly string[]): string[] {
  const captured = new Set(tables);
  return Object.keys(config).filter((table) => table !== ALL_TABLES && !captured.has(table));
}
