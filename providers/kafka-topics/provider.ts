import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { withoutValues } from "../check-failures";
import type { KafkaAccess } from "../kafka/access";
import { UNKNOWN } from "../unknown";
import { KafkaUnreachable, type TopicAdmin, topicAdmin } from "./admin";
import { checkInputs, type TopicsInputs, type TopicsOutputs } from "./inputs";
import { isNothing, planOf, shortList } from "./plan";

export type TopicsProvider = Required<Omit<pulumi.dynamic.ResourceProvider, "configure">>;

const ID = "topics";
const REMEMBERED = [
  ...(["bootstrapServers", "security", "brokerId", "topics", "replicationFactor", "deletedAlong"] as const),
];

/**
 * The provider of a stack's topics: one resource for all of them, so that a thousand are one request, one difference and one
 * line of output. A topic that is taken off the list stays, with its messages. What a delete does is said in
 * {@link TopicsInputs.deletedAlong}.
 */
export function createProvider(adminOf: (access: KafkaAccess) => TopicAdmin = topicAdmin): TopicsProvider {
  async function apply(wanted: TopicsInputs, before: TopicsOutputs | undefined): Promise<TopicsOutputs> {
    return asking(adminOf, wanted, async (admin) => {
      const names = Object.keys(wanted.topics);
      const plan = planOf(await admin.describe(names), wanted.topics);
      if (plan.refused.length > 0) throw new Error(plan.refused.join("\n  "));
      const missing = Object.keys(plan.create);
      const lost = missing.filter((name) => before?.brokerId === wanted.brokerId && before.topics[name]);
      if (lost.length > 0) {
        console.error(
          `warning: ${shortList(lost)} had gone from Kafka, with every message that was not read yet: made again, empty. ` +
            "Have the rows of the tables concerned read again: npm run resnapshot -- <schema.table> …",
        );
      }
      if (missing.length > 0) await admin.create(plan.create, wanted.replicationFactor);
      if (Object.keys(plan.partitions).length > 0) await admin.addPartitions(plan.partitions);
      if (Object.keys(plan.config).length > 0) await admin.alterConfig(plan.config);
      const made = [...new Set([...(before?.made ?? []), ...missing])].sort();
      return { ...wanted, found: wanted.topics, made };
    });
  }

  return {
    async check(_olds, news) {
      const { inputs, failures } = checkInputs(news);
      return { inputs, failures: withoutValues(failures) };
    },

    async diff(_id, olds: TopicsOutputs, news: TopicsInputs) {
      const isKnown = (news.topics as unknown) !== UNKNOWN;
      const drifted = isKnown && !isNothing(planOf(olds.found ?? {}, news.topics));
      const changed = REMEMBERED.some((key) => !isDeepStrictEqual(olds[key], news[key]));
      return { changes: drifted || changed };
    },

    async create(inputs: TopicsInputs) {
      return { id: ID, outs: await apply(inputs, undefined) };
    },

    async update(_id, olds: TopicsOutputs, news: TopicsInputs) {
      return { outs: await apply(news, olds) };
    },

    async read(id, properties: TopicsOutputs) {
      const { found: _found, made, ...inputs } = properties;
      try {
        const found = await asking(adminOf, properties, (admin) =>
          admin.describe(Object.keys(properties.topics)),
        );
        return { id, inputs, props: { ...inputs, found, made } };
      } catch (error) {
        if (!(error instanceof KafkaUnreachable)) throw error;
        // A broker that is gone has no topics; one that is only down is found as it was by the next `up`.
        console.error(`warning: ${error.message}; its topics count as missing`);
        return { id, inputs, props: { ...inputs, found: {}, made } };
      }
    },

    async delete(_id, { deletedAlong, made, ...access }: TopicsOutputs) {
      if (deletedAlong === true) return;
      try {
        await asking(adminOf, access, (admin) => admin.delete(made ?? []));
      } catch (error) {
        if (!(error instanceof KafkaUnreachable && deletedAlong === "ifDown")) throw error;
        console.error(`${error.message}; its topics go with it`);
      }
    },
  };
}

async function asking<T>(
  adminOf: (access: KafkaAccess) => TopicAdmin,
  access: KafkaAccess,
  work: (admin: TopicAdmin) => Promise<T>,
): Promise<T> {
  const admin = adminOf(access);
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

/** What `ModuleProvider("kafka-topics")` calls. */
export const provider = createProvider();
