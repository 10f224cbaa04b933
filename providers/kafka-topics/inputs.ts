/** What the topics resource is given, and what it knows. */
import { z } from "zod";
import type { InputFailure } from "../check-failures";
import { type KafkaSecurity, kafkaSecurityShape } from "../kafka/access";
import { UNKNOWN } from "../unknown";

export interface TopicSettings {
  /**
   * Number of partitions. Kafka adds some, and never takes any away.
   * @default 1
   */
  readonly partitions: number;
  /**
   * What the topic has of its own, such as `{"retention.ms": "604800000"}`; for everything else the broker's settings hold.
   * @default {}
   */
  readonly config: Readonly<Record<string, string>>;
}

/** Topic's name → what it is to be, or was found to be. */
export type TopicTable = Readonly<Record<string, TopicSettings>>;

export interface TopicsInputs {
  /** Brokers as this machine reaches them, `host:port,…`. */
  readonly bootstrapServers: string;
  /**
   * What they ask for beside.
   * @default nothing
   */
  readonly security?: KafkaSecurity;
  /** Changes with the broker's data: topics are looked for again. */
  readonly brokerId: string;
  readonly topics: TopicTable;
  /**
   * Copies of each partition.
   * @default 1
   */
  readonly replicationFactor: number;
  /**
   * Whether the broker is deleted with these topics, so that a delete has nothing to do; otherwise it deletes those that
   * this resource made. `ifDown`: it does that too, but a broker that does not answer is one that is deleted along.
   * @default false
   */
  readonly deletedAlong: boolean | "ifDown";
}

export interface TopicsOutputs extends TopicsInputs {
  /** As last seen: a topic that is missing is not in it. */
  readonly found: TopicTable;
  /** Names of those that this resource made; others were there. */
  readonly made: readonly string[];
}

/** Source: Kafka, `Topic.validate`. */
const NAME = /^[A-Za-z0-9._-]{1,249}$/;

const settings = z.object({
  partitions: z.number().int().positive().default(1),
  config: z.record(z.string(), z.coerce.string()).default({}),
});
const shape = z.looseObject({
  bootstrapServers: z
    .string()
    .regex(/^[^,\s]+:\d+(,[^,\s]+:\d+)*$/, { error: "must be host:port, parted by commas" })
    .or(z.literal(UNKNOWN)),
  security: kafkaSecurityShape.or(z.literal(UNKNOWN)).optional(),
  brokerId: z.string(),
  topics: z.record(z.string(), settings).or(z.literal(UNKNOWN)),
  replicationFactor: z.number().int().positive().default(1),
  deletedAlong: z.union([z.boolean(), z.literal("ifDown")]).default(false),
});

/** The inputs with defaults filled in, and what is wrong with them. Values that are not known yet count as right. */
export function checkInputs(news: Readonly<Record<string, unknown>>): {
  inputs: Record<string, unknown>;
  failures: InputFailure[];
} {
  const result = shape.safeParse(news);
  if (!result.success) {
    const failures = result.error.issues.map((issue) => ({
      property: issue.path.join("."),
      reason: issue.message,
    }));
    return { inputs: { ...news }, failures };
  }
  const names = result.data.topics === UNKNOWN ? [] : Object.keys(result.data.topics);
  const failures = names
    .filter((name) => !NAME.test(name) || name === "." || name === "..")
    .map((name) => ({
      property: "topics",
      reason: `${JSON.stringify(name)} is no topic's name: letters, digits, '.', '_' and '-', at most 249 of them`,
    }));
  return { inputs: result.data, failures };
}
