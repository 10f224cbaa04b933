/** What Kafka takes in and gives out, with its own load tools and messages like the connector's. */
import execa from "execa";
import type { Measurement } from "../measurement";
import { placeOf, type RunningStack } from "../running-stack";
import { changeEvents } from "./events";
import { consumerRate, producerRate } from "./perf-output";

const TOPIC = "bench_limit";
const BOOTSTRAP = ["--bootstrap-server", "kafka:9092"];
const EVENTS = "/tmp/events";
/** Different messages; the tools take them in any order. */
const DIFFERENT = 1000;
const WITHIN = 180_000;
/** As the connector's producer is set. */
const PRODUCER = ["linger.ms=10", "batch.size=262144", "compression.type=lz4", "acks=all"];

const RUNS = [
  { title: "3.6 kB (with schema)", withSchema: true, messages: 200_000 },
  { title: "700 B (without schema)", withSchema: false, messages: 1_000_000 },
];

/** In a container of its own beside the broker's, as the connector and Spark are. */
export async function kafkaPerf(stack: RunningStack): Promise<Measurement[]> {
  const { image, network } = await placeOf(stack, "kafka");
  const container = stack.container("bench-kafka-perf");
  const inside = async (command: string[], input = "") => {
    const { stdout } = await execa("docker", ["exec", "-i", container, ...command], {
      input,
      timeout: WITHIN,
    });
    return stdout;
  };
  const remove = () => execa("docker", ["rm", "--force", container]);
  await remove();
  // The image's tools have small heaps and only the quick compiler; a load tool is to have neither.
  const tools = [
    "--env",
    "KAFKA_TOOL_HEAP_OPTS=-Xmx512m",
    "--env",
    "KAFKA_TOOL_OPTS=-XX:TieredStopAtLevel=4",
  ];
  const place = ["--network", network, "--label", "cdc.bench=limit", "--memory", "1g"];
  await execa("docker", ["run", "--detach", "--name", container, ...place, ...tools, image, "sleep", "3600"]);
  try {
    const measurements: Measurement[] = [];
    for (const run of RUNS) {
      await inside(
        ["sh", "-c", `cat > ${EVENTS}`],
        `${changeEvents(DIFFERENT, run.withSchema).join("\n")}\n`,
      );
      measurements.push(...(await oneSize(inside, run)));
    }
    return measurements;
  } finally {
    await remove();
  }
}

async function oneSize(
  inside: (command: string[], input?: string) => Promise<string>,
  { title, messages }: (typeof RUNS)[number],
): Promise<Measurement[]> {
  await inside(["kafka-topics.sh", ...BOOTSTRAP, "--create", "--topic", TOPIC, "--partitions", "1"]);
  try {
    const produced = producerRate(
      await inside([
        ...["kafka-producer-perf-test.sh", "--topic", TOPIC, "--num-records", String(messages)],
        ...["--throughput", "-1", "--payload-file", EVENTS],
        ...["--producer-props", "bootstrap.servers=kafka:9092", ...PRODUCER],
      ]),
    );
    const consumed = consumerRate(
      await inside([
        ...["kafka-consumer-perf-test.sh", ...BOOTSTRAP, "--topic", TOPIC, "--messages", String(messages)],
        ...["--group", TOPIC, "--timeout", "30000"],
      ]),
    );
    const shared = { scenario: "throughput", system: "limit" as const };
    const detail = `${messages.toLocaleString("en-US")} messages of ${title}, lz4, one partition, one client`;
    return [
      {
        ...shared,
        metric: `Kafka's producer alone, messages of ${title}`,
        value: produced.messagesPerSecond,
        unit: "rows/s",
        detail: `${detail}; ${produced.megabytesPerSecond.toFixed(0)} MB/s before compression`,
      },
      {
        ...shared,
        metric: `Kafka's consumer alone, messages of ${title}`,
        value: consumed.messagesPerSecond,
        unit: "rows/s",
        detail: `${detail}; ${consumed.megabytesPerSecond.toFixed(0)} MB/s after decompression`,
      },
    ];
  } finally {
    await inside(["kafka-topics.sh", ...BOOTSTRAP, "--delete", "--topic", TOPIC]);
    await inside(["kafka-consumer-groups.sh", ...BOOTSTRAP, "--delete", "--group", TOPIC]).catch(() => {});
  }
}
