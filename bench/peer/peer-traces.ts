/** Everything that a run of the peer leaves in the stack, made and removed. */
import axios from "axios";
import execa from "execa";
import { Client as S3 } from "minio";
import { Client } from "pg";
import type { StackOutputs } from "../../outputs";
import type { Cleanup } from "../cleanup";
import { type RunningStack, sql } from "../running-stack";
import { PREFIX } from "./peer-worker";

export const BUCKET = "bench-peer";
export const CATALOG_DATABASE = PREFIX;
export const CONTROL_TOPIC = `${PREFIX}_control`;
/** Names of the peer's sinks begin so. */
export const SINK_PREFIX = "bench-peer-";

const KAFKA_BIN = "/kafka/bin";
const BOOTSTRAP = ["--bootstrap-server", "kafka:9092"];

/** A connection to a database of the stack. */
export async function connect(outputs: StackOutputs, database = "postgres"): Promise<Client> {
  const url = new URL(outputs.postgresqlUrl);
  url.pathname = database;
  const client = new Client({ connectionString: url.toString(), keepAlive: true });
  // A connection that breaks between two queries: the next query reports it.
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** The catalog's database. */
export async function makeDatabase(stack: RunningStack, cleanup: Cleanup): Promise<void> {
  const drop = `DROP DATABASE IF EXISTS ${CATALOG_DATABASE} WITH (FORCE)`;
  await sql(stack, drop);
  await sql(stack, `CREATE DATABASE ${CATALOG_DATABASE}`);
  cleanup.add("peer: dropping its database", () => sql(stack, drop));
}

/** The warehouse, which only MinIO's administrator can make; the same key is the sink's. */
export async function makeBucket(outputs: StackOutputs, cleanup: Cleanup): Promise<S3> {
  const { hostname, port } = new URL(outputs.minioUrl);
  const s3 = new S3({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey: outputs.minioRootUser,
    secretKey: outputs.minioRootPassword,
    region: "us-east-1",
  });
  if (!(await s3.bucketExists(BUCKET))) await s3.makeBucket(BUCKET);
  cleanup.add("peer: removing its bucket", async () => {
    const names: string[] = [];
    for await (const { name } of s3.listObjectsV2(BUCKET, "", true)) if (name) names.push(name);
    await s3.removeObjects(BUCKET, names);
    await s3.removeBucket(BUCKET);
  });
  return s3;
}

/** The sink's control topic; with it go the worker's topics and every consumer group. */
export async function makeTopics(stack: RunningStack, cleanup: Cleanup): Promise<void> {
  const tool = (name: string, ...args: string[]) =>
    stack.exec("kafka", [`${KAFKA_BIN}/${name}.sh`, ...BOOTSTRAP, ...args]);
  await tool("kafka-topics", "--create", "--if-not-exists", "--topic", CONTROL_TOPIC, "--partitions", "1");
  cleanup.add("peer: deleting its topics and consumer groups", async () => {
    await tool("kafka-topics", "--delete", "--topic", `${PREFIX}_.*`);
    const groups = (await tool("kafka-consumer-groups", "--list")).split("\n").filter(isOfPeer);
    if (groups.length > 0)
      await tool("kafka-consumer-groups", "--delete", ...groups.flatMap((group) => ["--group", group]));
  });
}

/** `cg-control-`: how the sink names the groups of its tasks. */
function isOfPeer(group: string): boolean {
  return group.startsWith("cg-control-") || group.startsWith(`connect-${SINK_PREFIX}`);
}

/** Whether a container is what the peer does in its own way. */
export function isLakeLeg(container: string): boolean {
  return /(^|-)spark-/.test(container);
}

/** Stands the platform's own lake leg still, which would otherwise take CPU from the peer's. */
export async function pauseLakeLeg(outputs: StackOutputs, cleanup: Cleanup): Promise<void> {
  const containers = outputs.containerNames.filter(isLakeLeg);
  await execa("docker", ["pause", ...containers]);
  cleanup.add("peer: the platform's Spark goes on", () => execa("docker", ["unpause", ...containers]));
}

/** The converters of the stack's connector with their settings: what it wrote is read with the same. */
export async function convertersOf(outputs: StackOutputs): Promise<Record<string, string>> {
  const url = `${outputs.kafkaConnectUrl}/connectors/${outputs.connectorName}/config`;
  const { data } = await axios.get<Record<string, string>>(url, { proxy: false, timeout: 30_000 });
  return Object.fromEntries(
    Object.entries(data).filter(([key]) => /^(key|value)\.converter(\.|$)/.test(key)),
  );
}
