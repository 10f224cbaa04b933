/**
 * The seed's way: the same containers, with Debezium's, Connect's and Spark's defaults, and a streaming job as its
 * walkthrough has it, submitted by hand with `--master local`.
 */
import * as fs from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import execa from "execa";
import { UserError } from "../../stack/console";
import { Stack } from "./stack";
import { type System, TABLE, TOPIC } from "./system";

const WORKER_FILE = "/kafka/config/connect-distributed.properties";
const LAUNCHER = "/kafka/bin/kafka-run-class.sh";
/** As Kafka's own scripts start broker and worker (bin/kafka-server-start.sh, connect-distributed.sh, kafka-run-class.sh). */
const KAFKAS_HEAPS = { kafka: "-Xms1G -Xmx1G", "kafka-connect": "-Xms256M -Xmx2G" };
const KAFKAS_COLLECTOR =
  "-server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent";
const ROOM = "3g";
/** Where the lake is. Everything else has Spark's defaults, as in a client that nobody tuned. */
const KEPT_SETTINGS =
  "^spark\\.(hadoop\\.fs\\.s3a\\.(endpoint|path|connection|access|secret)|sql\\.(extensions|catalog)|driver\\.(host|bind))";
const HEALTHY_WITHIN = 120_000;
const QUERY_WITHIN = 180_000;

export function seed(): System {
  const stack = new Stack("e2e-bench-seed", 28_000);
  return {
    name: "seed",
    stack,
    tables: [{ title: "flattened", folder: `seed/${TABLE}`, timeColumn: "payload.after.customerPassword" }],
    checkpoint: "seed/_checkpoint",
    configure: () => stack.configure({ connectorConfig: "bench/seed/debezium-postgres-connector.json" }),
    prepare: async () => {
      const { streamingJobName } = await stack.outputs();
      await stack.exec("spark-client", ["application", "stop", streamingJobName]);
      await useKafkasDefaults(stack);
      await startJob(stack);
    },
    stopJob: async () => {
      await stack.exec("spark-client", ["sh", "-c", "kill $(cat /tmp/seed.pid); sleep 3"]);
    },
    startJob: () => startJob(stack),
  };
}

/** Broker and worker with Kafka's own heaps and collector, and the worker without exactly-once: it is off unless a worker is told otherwise. */
async function useKafkasDefaults(stack: Stack): Promise<void> {
  await edit(stack, "kafka-connect", WORKER_FILE, (text) =>
    text.replace(/^exactly\.once\.source\.support=.*$/m, ""),
  );
  for (const [service, heap] of Object.entries(KAFKAS_HEAPS)) {
    await edit(stack, service, LAUNCHER, (text) =>
      text.replace(
        /^set -eu$/m,
        `set -eu\nKAFKA_HEAP_OPTS='${heap}'\nKAFKA_JVM_PERFORMANCE_OPTS='${KAFKAS_COLLECTOR}'`,
      ),
    );
    const container = stack.container(service);
    await execa("docker", ["update", "--memory", ROOM, "--memory-swap", ROOM, container]);
    await execa("docker", ["restart", container]);
  }
  const { kafkaConnectUrl, connectorName } = await stack.outputs();
  await until("Kafka Connect runs the connector again", HEALTHY_WITHIN, async () => {
    const answer = await fetch(`${kafkaConnectUrl}/connectors/${connectorName}/status`).catch(
      () => undefined,
    );
    if (!answer?.ok) return false;
    const status = (await answer.json()) as { tasks: { state: string }[] };
    return status.tasks.length > 0 && status.tasks.every(({ state }) => state === "RUNNING");
  });
}

/** @throws Error when there is nothing to change, so that a renamed setting is noticed */
async function edit(
  stack: Stack,
  service: string,
  file: string,
  change: (text: string) => string,
): Promise<void> {
  const text = await stack.exec(service, ["cat", file]);
  const changed = change(text);
  if (changed === text) throw new Error(`${service}: ${file} is not as expected`);
  const folder = fs.mkdtempSync("/tmp/bench-");
  const local = `${folder}/edited`;
  fs.writeFileSync(local, `${changed}\n`, { mode: 0o755 });
  await execa("docker", ["cp", local, `${stack.container(service)}:${file}`]);
  fs.rmSync(folder, { recursive: true });
}

async function startJob(stack: Stack): Promise<void> {
  const client = stack.container("spark-client");
  await execa("docker", ["cp", "bench/seed/streaming_from_kafka_to_minio.py", `${client}:/tmp/seed.py`]);
  const { bucket } = await stack.outputs();
  const submit = [
    "spark-submit --master local --properties-file /tmp/seed.conf",
    `/tmp/seed.py ${TOPIC} s3a://${bucket}/seed/${TABLE} s3a://${bucket}/seed/_checkpoint`,
  ].join(" ");
  const command = [
    `grep -E '${KEPT_SETTINGS}' /opt/spark/conf/spark-defaults.conf >/tmp/seed.conf`,
    "echo $$ >/tmp/seed.pid",
    `exec ${submit} >/tmp/seed.log 2>&1`,
  ].join(" && ");
  await execa("docker", ["exec", "-d", client, "sh", "-c", command]);
  const log = () => stack.exec("spark-client", ["cat", "/tmp/seed.log"]).catch(() => "");
  try {
    await until("the query runs", QUERY_WITHIN, async () => (await log()).includes("the query is active"));
  } catch {
    throw new UserError(
      `The seed's streaming job did not start:\n${(await log()).split("\n").slice(-25).join("\n")}`,
      "See bench/systems/seed.ts for how it is submitted.",
    );
  }
}

async function until(what: string, within: number, ask: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + within;
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error(`not within ${within / 1000} s: ${what}`);
    await pause(500);
  }
}
