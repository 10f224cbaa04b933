/** A Kafka Connect worker of the peer's own, beside the stack's. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import axios, { type AxiosInstance } from "axios";
import execa from "execa";
import { properties } from "../../components/properties";
import { placeOf, type RunningStack } from "../running-stack";
import { peerImage } from "./peer-image";

const USABLE_WITHIN = 120_000;
const STATE_WITHIN = 60_000;
const PROPERTIES_FILE = "/tmp/connect-distributed.properties";
/** Names of everything that the worker keeps in Kafka begin so. */
export const PREFIX = "bench_peer";

const WORKER = {
  "bootstrap.servers": "kafka:9092",
  "group.id": PREFIX,
  listeners: "http://0.0.0.0:8083",
  "key.converter": "org.apache.kafka.connect.json.JsonConverter",
  "value.converter": "org.apache.kafka.connect.json.JsonConverter",
  "config.storage.topic": `${PREFIX}_configs`,
  "offset.storage.topic": `${PREFIX}_offsets`,
  "status.storage.topic": `${PREFIX}_statuses`,
  "config.storage.replication.factor": 1,
  "offset.storage.replication.factor": 1,
  "status.storage.replication.factor": 1,
  "offset.storage.partitions": 1,
  "status.storage.partitions": 1,
  "plugin.path": "/kafka/connect-plugins",
  // A sink task without new records looks at the sink's control topic only so often: Connect's default is 60 s.
  "offset.flush.interval.ms": 100,
  "connector.client.config.override.policy": "All",
};

export class PeerWorker {
  private constructor(
    readonly container: string,
    private readonly http: AxiosInstance,
  ) {}

  /** @throws Error with the end of the worker's log when it is not usable within two minutes */
  static async start(stack: RunningStack): Promise<PeerWorker> {
    const image = await peerImage(stack);
    const { network } = await placeOf(stack, "kafka-connect");
    const container = stack.container("peer-kafka-connect");
    const options = ["--network", network, "--publish", "127.0.0.1::8083", "--label", "cdc.bench=peer"];
    const memory = ["--memory", "2g", "--env", "KAFKA_HEAP_OPTS=-Xms256m -Xmx1g"];
    const command = ["/kafka/bin/connect-distributed.sh", PROPERTIES_FILE];
    await removeContainer(container);
    await execa("docker", ["create", "--name", container, ...options, ...memory, image, ...command]);
    await copyInto(container, properties(WORKER));
    await execa("docker", ["start", container]);
    const { stdout } = await execa("docker", ["port", container, "8083"]);
    const http = axios.create({
      baseURL: `http://${stdout.split("\n")[0]}`,
      timeout: 30_000,
      proxy: false,
      // Also for calls without a body: axios would call it a form, and Connect turns forms down with 415.
      headers: { "Content-Type": "application/json" },
    });
    const worker = new PeerWorker(container, http);
    await worker.until("answer", USABLE_WITHIN, async () => {
      await http.get("/connectors");
      return true;
    });
    return worker;
  }

  /** Makes a sink that goes on from an offset of its topic, and waits until its task runs. */
  async startSink(
    name: string,
    config: Record<string, string>,
    topic: string,
    offset: number,
  ): Promise<void> {
    await this.http.post("/connectors", { name, config, initial_state: "STOPPED" });
    await this.until(`know ${name}`, STATE_WITHIN, async () => (await this.states(name))[0] === "STOPPED");
    const position = {
      partition: { kafka_topic: topic, kafka_partition: 0 },
      offset: { kafka_offset: offset },
    };
    await this.http.patch(`/connectors/${name}/offsets`, { offsets: [position] });
    await this.http.put(`/connectors/${name}/resume`);
    await this.until(`run ${name}`, STATE_WITHIN, async () => {
      const states = await this.states(name);
      return states.length > 1 && states.every((state) => state === "RUNNING");
    });
  }

  /** Stops the sink, so that its consumer group is empty, and removes it. */
  async removeSink(name: string): Promise<void> {
    await this.http.put(`/connectors/${name}/stop`);
    await this.until(`stop ${name}`, STATE_WITHIN, async () => (await this.states(name)).length === 1);
    await this.http.delete(`/connectors/${name}`);
  }

  /** @throws Error with the trace of a task that failed */
  async check(name: string): Promise<void> {
    const { data } = await this.http.get(`/connectors/${name}/status`);
    const failed = [data.connector, ...data.tasks].find(({ state }) => state === "FAILED");
    if (failed) throw new Error(`${name} failed: ${failed.trace}`);
  }

  async stop(): Promise<void> {
    await removeContainer(this.container);
  }

  /** Of the connector, then of its tasks. */
  private async states(name: string): Promise<string[]> {
    await this.check(name);
    const { data } = await this.http.get(`/connectors/${name}/status`);
    return [data.connector, ...data.tasks].map(({ state }) => state);
  }

  private async until(what: string, within: number, ask: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + within;
    let last: unknown;
    while (Date.now() < deadline) {
      try {
        if (await ask()) return;
      } catch (error) {
        // 404, 409: Connect has not got so far yet.
        if (!axios.isAxiosError(error)) throw error;
        last = error;
      }
      await pause(250);
    }
    const { all } = await execa("docker", ["logs", "--tail", "20", this.container], {
      all: true,
      reject: false,
    });
    throw new Error(`The peer's worker did not ${what} within ${within / 1000} s. ${last ?? ""}\n${all}`);
  }
}

async function copyInto(container: string, content: string): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "bench-peer-"));
  try {
    const file = path.join(folder, "properties");
    fs.writeFileSync(file, content, { mode: 0o644 });
    await execa("docker", ["cp", file, `${container}:${PROPERTIES_FILE}`]);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

async function removeContainer(name: string): Promise<void> {
  await execa("docker", ["rm", "--force", "--volumes", name]);
}
