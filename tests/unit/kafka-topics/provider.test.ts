import { afterEach, describe, expect, it, vi } from "vitest";
import { KafkaUnreachable, type TopicAdmin } from "../../../providers/kafka-topics/admin";
import type { TopicSettings, TopicsInputs, TopicsOutputs } from "../../../providers/kafka-topics/inputs";
import { createProvider } from "../../../providers/kafka-topics/provider";

const PLAIN: TopicSettings = { partitions: 1, config: {} };

/** A cluster in memory. */
class FakeKafka implements TopicAdmin {
  readonly topics = new Map<string, TopicSettings>();
  readonly calls: string[] = [];
  isDown = false;

  async describe(names: readonly string[]) {
    if (this.isDown) throw new KafkaUnreachable("Kafka at here:1 does not answer: refused");
    return Object.fromEntries(
      names.flatMap((name) => {
        const found = this.topics.get(name);
        return found ? [[name, found]] : [];
      }),
    );
  }

  async create(topics: Record<string, TopicSettings>) {
    this.calls.push(`create ${Object.keys(topics)}`);
    for (const [name, settings] of Object.entries(topics)) this.topics.set(name, settings);
  }

  async addPartitions(partitions: Record<string, number>) {
    this.calls.push(`partitions ${JSON.stringify(partitions)}`);
    for (const [name, count] of Object.entries(partitions)) {
      this.topics.set(name, { ...(this.topics.get(name) ?? PLAIN), partitions: count });
    }
  }

  async alterConfig(changes: Record<string, Record<string, string | null>>) {
    this.calls.push(`config ${JSON.stringify(changes)}`);
    for (const [name, values] of Object.entries(changes)) {
      const { partitions, config } = this.topics.get(name) ?? PLAIN;
      const kept = Object.entries({ ...config, ...values }).filter(
        (entry): entry is [string, string] => entry[1] !== null,
      );
      this.topics.set(name, { partitions, config: Object.fromEntries(kept) });
    }
  }

  async delete(names: readonly string[]) {
    this.calls.push(`delete ${names}`);
    for (const name of names) this.topics.delete(name);
  }

  async close() {}
}

const INPUTS: TopicsInputs = {
  bootstrapServers: "here:1",
  brokerId: "broker",
  topics: { "a.b.one": PLAIN, "a.b.two": PLAIN },
  replicationFactor: 1,
  deletedAlong: false,
};

async function deployed() {
  const kafka = new FakeKafka();
  const provider = createProvider(() => kafka);
  const { outs } = (await provider.create(INPUTS)) as { outs: TopicsOutputs };
  kafka.calls.length = 0;
  return { kafka, provider, outs };
}

afterEach(() => vi.restoreAllMocks());

describe("topics", () => {
  it("are made in one request, and not again", async () => {
    const kafka = new FakeKafka();
    const provider = createProvider(() => kafka);
    const { outs } = (await provider.create(INPUTS)) as { outs: TopicsOutputs };
    expect(kafka.calls).toEqual(["create a.b.one,a.b.two"]);
    expect(await provider.diff("topics", outs, INPUTS)).toEqual({ changes: false });
    await provider.update("topics", outs, INPUTS);
    expect(kafka.calls).toEqual(["create a.b.one,a.b.two"]);
  });

  it("that were there before are used as they are, and left at the end", async () => {
    const kafka = new FakeKafka();
    kafka.topics.set("a.b.two", PLAIN);
    const provider = createProvider(() => kafka);
    const { outs } = (await provider.create(INPUTS)) as { outs: TopicsOutputs };
    expect(kafka.calls).toEqual(["create a.b.one"]);
    await provider.delete("topics", outs);
    expect([...kafka.topics.keys()]).toEqual(["a.b.two"]);
  });

  it("go with their broker without a request", async () => {
    const { kafka, provider, outs } = await deployed();
    await provider.delete("topics", { ...outs, deletedAlong: true });
    expect(kafka.calls).toEqual([]);
  });

  it("of a pipeline are deleted while their broker stays, and go with one that is down", async () => {
    const { kafka, provider, outs } = await deployed();
    const { delete: work } = kafka;
    kafka.delete = () => Promise.reject(new KafkaUnreachable("Kafka at here:1 does not answer"));
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    await provider.delete("topics", { ...outs, deletedAlong: "ifDown" });
    expect(said.mock.calls.flat().join()).toMatch(/does not answer; its topics go with it/);
    await expect(provider.delete("topics", outs)).rejects.toThrow("does not answer");
    kafka.delete = work;
    await provider.delete("topics", { ...outs, deletedAlong: "ifDown" });
    expect([...kafka.topics.keys()]).toEqual([]);
  });

  it("that were deleted by hand are drift, made again, and said to be empty", async () => {
    const { kafka, provider, outs } = await deployed();
    kafka.topics.delete("a.b.one");
    const { props } = (await provider.read("topics", outs)) as { props: TopicsOutputs };
    expect(props.found).toEqual({ "a.b.two": PLAIN });
    expect(await provider.diff("topics", props, INPUTS)).toEqual({ changes: true });
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const { outs: after } = (await provider.update("topics", props, INPUTS)) as { outs: TopicsOutputs };
    expect(kafka.calls).toEqual(["create a.b.one"]);
    expect(said.mock.calls.flat().join()).toMatch(/a\.b\.one had gone.*npm run resnapshot/);
    expect(await provider.diff("topics", after, INPUTS)).toEqual({ changes: false });
  });

  it("of another broker are made without a word: that it is another one is said elsewhere", async () => {
    const { provider, outs, kafka } = await deployed();
    kafka.topics.clear();
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    await provider.update("topics", outs, { ...INPUTS, brokerId: "other" });
    expect(kafka.calls).toEqual(["create a.b.one,a.b.two"]);
    expect(said).not.toHaveBeenCalled();
  });

  it("get back the settings and partitions that are wanted", async () => {
    const { kafka, provider, outs } = await deployed();
    kafka.topics.set("a.b.one", { partitions: 1, config: { "retention.ms": "5" } });
    const wanted = {
      ...INPUTS,
      topics: { "a.b.one": PLAIN, "a.b.two": { partitions: 3, config: { "cleanup.policy": "compact" } } },
    };
    await provider.update("topics", outs, wanted);
    expect(kafka.calls).toEqual([
      'partitions {"a.b.two":3}',
      'config {"a.b.one":{"retention.ms":null},"a.b.two":{"cleanup.policy":"compact"}}',
    ]);
  });

  it("with more partitions than wanted are refused, with what to do", async () => {
    const { kafka, provider, outs } = await deployed();
    kafka.topics.set("a.b.one", { partitions: 4, config: {} });
    await expect(provider.update("topics", outs, INPUTS)).rejects.toThrow(
      /a\.b\.one has 4 partitions, and 1 is wanted.*Want as many/,
    );
  });

  it("of a broker that is down count as missing", async () => {
    const { kafka, provider, outs } = await deployed();
    kafka.isDown = true;
    vi.spyOn(console, "error").mockImplementation(() => {});
    expect(await provider.read("topics", outs)).toMatchObject({ id: "topics", props: { found: {} } });
  });

  it("stay when they are taken off the list", async () => {
    const { kafka, provider, outs } = await deployed();
    await provider.update("topics", outs, { ...INPUTS, topics: { "a.b.one": PLAIN } });
    expect(kafka.calls).toEqual([]);
  });

  it("need names that Kafka takes", async () => {
    const provider = createProvider(() => new FakeKafka());
    const { failures } = await provider.check({}, { ...INPUTS, topics: { "a b": { partitions: 1 } } });
    expect(failures).toEqual([
      { property: "", reason: expect.stringContaining('topics: "a b" is no topic\'s name') },
    ]);
  });
});
