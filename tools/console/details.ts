/** What each node tells of itself over the network: facts, configuration without secrets, and the end of a log where there is one. */

import axios from "axios";
import { usualPacing } from "../../providers/kafka-connect/pacing";
import { impatientClient } from "../../providers/kafka-connect/rest/client";
import { describeStatus } from "../../providers/kafka-connect/rest/health";
import { namesSecret } from "../../providers/kafka-connect/text/redaction";
import { topicAdmin } from "../../providers/kafka-topics/admin";
import { kafkaAccess } from "../../readers/kafka/access";
import { impatientDatabase } from "../status/database";
import { answerOf } from "./four-letter-words";
import type { Service, Settings } from "./settings";
import type { Details } from "./view";

const PATIENCE_MS = 10_000;
const TOPICS_SHOWN = 20;
const LOG_BYTES = 16_384;

type Pair = readonly [name: string, value: string];
type Told = Pick<Details, "facts"> & Partial<Pick<Details, "configuration" | "log">>;
type Asking = (settings: Settings, service: Service) => Promise<Told>;

/** By node, with the service that it is asked of. */
const NODES: Readonly<Record<string, readonly [service: string, ask: Asking]>> = {
  postgresql: ["postgresql", ofDatabase],
  connector: ["kafka-connect", ofConnector],
  kafka: ["kafka", ofKafka],
  zookeeper: ["zookeeper", ofZookeeper],
  job: ["spark-client", ofJob],
  "spark-master": ["spark-master", ofSpark],
  lake: ["minio", ofLake],
  proof: ["proof", ofProof],
  supervisor: ["supervisor", async () => ({ facts: [] })],
};

/** @returns undefined: there is no such node */
export async function detailsOf(id: string, settings: Settings): Promise<Details | undefined> {
  const [name, ask] = /^spark-worker(-\d+)?$/.test(id)
    ? [id, ofSpark]
    : (NODES[id] ?? [undefined, undefined]);
  const service = settings.services.find((one) => one.service === name);
  if (!service || !ask) return undefined;
  const told = await ask(settings, service).catch(
    (error: Error): Told => ({ facts: [["No answer", error.message]] }),
  );
  return {
    ...{ id, endpoint: service.address ?? null, configuration: [], log: { missing: whereItsLogIs(service) } },
    ...told,
  };
}

/** Without Docker's socket, which no container of the stack is given. */
function whereItsLogIs({ service, container }: Service): string {
  return container
    ? `Container logs, memory and restarts are Docker's to tell, and no container here has its socket: docker logs --tail 100 ${container}`
    : `${service} is not a container of this stack.`;
}

/** What is there, and names no secret. */
function shown(pairs: Iterable<readonly [string, unknown]>): Pair[] {
  return [...pairs]
    .filter(([name, value]) => !namesSecret(name) && value !== null && value !== undefined && value !== "")
    .map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
}

async function ofDatabase({ postgresqlUrl }: Settings): Promise<Told> {
  return impatientDatabase(postgresqlUrl, PATIENCE_MS, async (client) => {
    const { rows: facts } = await client.query(
      `SELECT current_setting('server_version') AS "Version", current_database() AS "Database", pg_current_wal_lsn()::text AS "Log position",
         pg_size_pretty(pg_database_size(current_database())) AS "Size", pg_postmaster_start_time()::text AS "Up since"`,
    );
    // Connections to other servers and commands may have secrets in them.
    const { rows: set } = await client.query(
      `SELECT name, setting FROM pg_settings WHERE source NOT IN ('default', 'override', 'client', 'session')
         AND name !~ 'conninfo|command' ORDER BY name`,
    );
    return {
      facts: shown(Object.entries(facts[0])),
      configuration: shown(set.map(({ name, setting }) => [name, setting])),
    };
  });
}

async function ofConnector({ kafkaConnectUrl, connectorName }: Settings): Promise<Told> {
  const connect = impatientClient(kafkaConnectUrl, {
    ...usualPacing,
    readOrDelete: PATIENCE_MS,
    unreachable: 0,
  });
  const [config, status] = await Promise.all([
    connect.readConfig(connectorName),
    connect.readStatus(connectorName),
  ]);
  const traces = [status?.connector, ...(status?.tasks ?? [])].flatMap((part) => part?.trace ?? []);
  return {
    facts: [
      ["Name", connectorName],
      ["State", describeStatus(status)],
    ],
    configuration: shown(Object.entries(config ?? {}).sort()),
    ...(traces.length > 0
      ? { log: { of: "What failed, as Kafka Connect has it", text: traces.join("\n\n").slice(0, LOG_BYTES) } }
      : {}),
  };
}

async function ofKafka(settings: Settings): Promise<Told> {
  const { topicNames } = settings;
  const admin = topicAdmin(kafkaAccess(settings));
  try {
    const topics = Object.entries(await admin.describe(topicNames.slice(0, TOPICS_SHOWN)));
    const configuration = topics.map(
      ([name, { partitions, config }]): Pair => [
        name,
        [`partitions=${partitions}`, ...Object.entries(config).map((one) => one.join("="))].join(", "),
      ],
    );
    return {
      facts: [["Topics of captured tables", topicNames.length.toLocaleString("en-US")]],
      configuration,
    };
  } finally {
    await admin.close();
  }
}

async function ofZookeeper(_settings: Settings, { address = "" }: Service): Promise<Told> {
  const lines = (await answerOf(address, "srvr", PATIENCE_MS)).split("\n");
  return { facts: shown(lines.map((line) => line.split(": ", 2) as [string, string])) };
}

/** Whether Spark has a value shown; what it takes for a secret, it blanks itself. */
const isRedacted = (value: unknown) => typeof value === "string" && value.includes("(redacted)");

async function ofJob(settings: Settings, { address = "" }: Service): Promise<Told> {
  const api = `http://${address}/api/v1/applications`;
  const [application] = await json(api);
  const { sparkProperties = [] } = await json(`${api}/${application.id}/environment`);
  const set = (sparkProperties as [string, string][]).filter(
    ([name, value]) => !isRedacted(value) && !/extraJavaOptions|access\.key/.test(name),
  );
  const executor = await executorLog(settings, application.id);
  return {
    facts: shown([
      ["Application", application.id],
      ["Name", settings.streamingJobName],
      ["Checkpoint", settings.streamingJobCheckpoint],
      ["Started", application.attempts?.[0]?.startTime],
    ]),
    configuration: shown(set),
    ...(executor ? { log: executor } : {}),
  };
}

/** The job's own log is its container's; a worker serves that of the executor. */
async function executorLog(settings: Settings, application: string): Promise<Details["log"] | undefined> {
  for (const { service, address } of settings.services) {
    if (!service.startsWith("spark-worker")) continue;
    const { executors = [] } = await json(`http://${address}/json/`);
    const found = executors.find((one: { appid: string }) => one.appid === application);
    if (!found) continue;
    const query = `appId=${application}&executorId=${found.id}&logType=stderr&byteLength=${LOG_BYTES}`;
    const { data } = await axios.get<string>(`http://${address}/log/?${query}`, ASKED);
    return { of: `Executor ${found.id} on ${service}, its last lines`, text: String(data) };
  }
  return undefined;
}

async function ofSpark(_settings: Settings, { address = "" }: Service): Promise<Told> {
  const facts = Object.entries(await json(`http://${address}/json/`));
  return { facts: shown(facts.filter(([, value]) => typeof value !== "object")) };
}

async function ofLake({ lakeRoot, minioUrl, objectStore, capturedTables }: Settings): Promise<Told> {
  return {
    facts: [
      ["Lake", lakeRoot],
      ["Object store", minioUrl],
      ["Region", objectStore.region],
      ["Tables", capturedTables.length.toLocaleString("en-US")],
    ],
  };
}

async function ofProof(_settings: Settings, { address = "" }: Service): Promise<Told> {
  const { round, roundBegan, lastRoundSeconds, stalled } = await json(`http://${address}/proof`);
  return {
    facts: shown([
      ["Round", round],
      ["Began", roundBegan],
      ["The last one took, in seconds", lastRoundSeconds],
      ["Waits", stalled],
    ]),
  };
}

const ASKED = { timeout: PATIENCE_MS, proxy: false } as const;

// biome-ignore lint/suspicious/noExplicitAny: what Spark and the proof answer
async function json(url: string): Promise<any> {
  return (await axios.get(url, ASKED)).data;
}
