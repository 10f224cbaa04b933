/** Kafka's admin protocol, as far as topics need it: all topics in one request each. */
import { setTimeout as pause } from "node:timers/promises";
import { Admin } from "@platformatic/kafka";
import { impatientClientOptions, type KafkaAccess } from "../kafka/access";
import type { TopicSettings, TopicTable } from "./inputs";
import { shortList } from "./plan";

/** Source: Kafka's protocol guide. */
const TOPIC_RESOURCE = 2;
/** `configSource`: set for this topic, and not for the broker or by default. */
const OF_THE_TOPIC = 1;
const SET = 0;
const DELETE = 1;
const VISIBLE_WITHIN = 30_000;
const LOOK_EVERY = 100;

/** Nobody answers at the bootstrap servers. */
export class KafkaUnreachable extends Error {}

/** What is asked of a Kafka cluster. Each call may throw {@link KafkaUnreachable}, or an Error with the broker's reason. */
export interface TopicAdmin {
  /** Those of the topics that exist; the config has what is set for the topic itself. */
  describe(names: readonly string[]): Promise<TopicTable>;
  /** Makes topics and waits until the cluster shows them. One that exists already is left as it is. */
  create(topics: TopicTable, replicationFactor: number): Promise<void>;
  addPartitions(partitions: Readonly<Record<string, number>>): Promise<void>;
  /** Sets what has a value, takes back what has null. */
  alterConfig(changes: Readonly<Record<string, Readonly<Record<string, string | null>>>>): Promise<void>;
  delete(names: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export function topicAdmin(access: KafkaAccess): TopicAdmin {
  const { bootstrapServers } = access;
  const admin = new Admin(impatientClientOptions("cdc-platform", access));
  const ask = <T>(what: string, answer: Promise<T>) => answered(bootstrapServers, what, answer);
  return {
    async describe(names) {
      if (names.length === 0) return {};
      const all = new Set(await ask("list topics", admin.listTopics({ includeInternals: true })));
      const existing = names.filter((name) => all.has(name));
      if (existing.length === 0) return {};
      const metadata = await ask("describe topics", admin.metadata({ topics: existing, forceUpdate: true }));
      const resources = existing.map(
        (name) => ({ resourceType: TOPIC_RESOURCE, resourceName: name }) as const,
      );
      const described = await ask("read the settings of topics", admin.describeConfigs({ resources }));
      const configs = new Map(described.map(({ resourceName, configs }) => [resourceName, configs]));
      return Object.fromEntries(
        existing.map((name): [string, TopicSettings] => {
          const own = (configs.get(name) ?? []).filter(({ configSource }) => configSource === OF_THE_TOPIC);
          const config = Object.fromEntries(own.map(({ name, value }) => [name, value ?? ""]));
          return [name, { partitions: metadata.topics.get(name)?.partitions.length ?? 0, config }];
        }),
      );
    },

    async create(topics, replicationFactor) {
      for (const [names, { partitions, config }] of alike(topics)) {
        const configs = Object.entries(config).map(([name, value]) => ({ name, value }));
        const made = admin.createTopics({ topics: names, partitions, replicas: replicationFactor, configs });
        await ask(`make ${shortList(names)}`, made).catch((error: unknown) => {
          if (!/already exists|TOPIC_ALREADY_EXISTS/i.test(String(error))) throw error;
        });
      }
      const deadline = Date.now() + VISIBLE_WITHIN;
      for (const names = Object.keys(topics); ; await pause(LOOK_EVERY)) {
        const there = await this.describe(names);
        const missing = names.filter((name) => !there[name]);
        if (missing.length === 0) return;
        if (Date.now() > deadline) {
          throw new Error(`${shortList(missing)}: made, but Kafka at ${bootstrapServers} does not show them`);
        }
      }
    },

    async addPartitions(partitions) {
      const topics = Object.entries(partitions).map(([name, count]) => ({ name, count, assignments: [] }));
      await ask(
        `add partitions to ${shortList(Object.keys(partitions))}`,
        admin.createPartitions({ topics }),
      );
    },

    async alterConfig(changes) {
      const resources = Object.entries(changes).map(
        ([resourceName, values]) =>
          ({
            resourceType: TOPIC_RESOURCE,
            resourceName,
            configs: Object.entries(values).map(([name, value]) =>
              value === null
                ? ({ name, configOperation: DELETE } as const)
                : ({ name, configOperation: SET, value } as const),
            ),
          }) as const,
      );
      await ask(
        `change the settings of ${shortList(Object.keys(changes))}`,
        admin.incrementalAlterConfigs({ resources }),
      );
    },

    async delete(names) {
      const existing = Object.keys(await this.describe(names));
      if (existing.length > 0)
        await ask(`delete ${shortList(existing)}`, admin.deleteTopics({ topics: existing }));
    },

    async close() {
      await admin.close().catch(() => {});
    },
  };
}

/** Topics of the same settings together, as a request takes them. */
function alike(topics: TopicTable): [string[], TopicSettings][] {
  const groups = new Map<string, [string[], TopicSettings]>();
  for (const [name, settings] of Object.entries(topics)) {
    const key = JSON.stringify([settings.partitions, Object.entries(settings.config).sort()]);
    const group = groups.get(key);
    if (group) group[0].push(name);
    else groups.set(key, [[name], settings]);
  }
  return [...groups.values()];
}

async function answered<T>(bootstrapServers: string, what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const all = errorsIn(error);
    const reasons = all.filter(({ isReason }) => isReason);
    if (all.some(({ code }) => code === "PLT_KFK_NETWORK" || code === "PLT_KFK_TIMEOUT")) {
      throw new KafkaUnreachable(`Kafka at ${bootstrapServers} does not answer: ${reasons[0]?.message}`);
    }
    const texts = [...new Set(reasons.map(({ message }) => message))];
    throw new Error(`Kafka at ${bootstrapServers} does not ${what}: ${texts.slice(0, 3).join("; ")}`);
  }
}

interface ErrorPart {
  readonly message: string;
  readonly code: string | undefined;
  /** Whether there is no error behind it. */
  readonly isReason: boolean;
}

/** An error and those that it is made of. */
function errorsIn(error: unknown): ErrorPart[] {
  const { message, code, errors, cause } = error as Error & { errors?: unknown[]; code?: string };
  const inner = [...(errors ?? []), ...(cause ? [cause] : [])].flatMap(errorsIn);
  return [{ message, code, isReason: inner.length === 0 }, ...inner];
}
