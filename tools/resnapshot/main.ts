/** Runs what the command line asked for. */
import { postgresql } from "../../providers/kafka-connect/database/replication";
import { topicOf } from "../../providers/kafka-connect/debezium/table-topic-name";
import { type RowsOutcome, sendRows } from "../../providers/kafka-connect/deployment/read-again";
import { type TableTopics, tableTopics } from "../../providers/kafka-connect/deployment/table-topics";
import { usualPacing } from "../../providers/kafka-connect/pacing";
import type { ConnectorConfig } from "../../providers/kafka-connect/rest/api";
import { impatientClient } from "../../providers/kafka-connect/rest/client";
import { describeStatus, judge } from "../../providers/kafka-connect/rest/health";
import { placeOf } from "../../providers/postgresql/url";
import { kafkaAccess } from "../../readers/kafka/access";
import { UserError } from "../../stack/console";
import { chooseEngine } from "../../stack/engines/choose";
import { outputsOfPipeline } from "../../stack/outputs";
import { type Platform, platformOf } from "../../stack/platform";
import { chosenTables } from "./chosen-tables";
import { waitForLake } from "./lake";
import type { ResnapshotRequest } from "./request";

/** @returns the exit code */
export async function run(request: ResnapshotRequest): Promise<number> {
  const say = (line: string) => console.error(`• ${line}`);
  let topics: TableTopics | undefined;
  const onSignal = () => {
    console.error(
      "\nInterrupted. The lake's tables are as they were; rows under way may still arrive, which does no harm. To go on: the same command again.",
    );
    process.exit(130);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  try {
    const engine = await chooseEngine(request.engine, request.stack);
    const { stack, pipeline } = request;
    const platform = platformOf(outputsOfPipeline(await engine.outputs(stack, true), stack, pipeline), stack);
    topics = tableTopics(kafkaAccess(platform));
    const { config, connect } = await runningConnector(platform);
    const tables = chosenTables(request, config);
    const outcome = await sendRows(
      { connect, database: postgresql, topics, pacing: usualPacing },
      {
        name: platform.connectorName,
        config,
        access: placeOf(platform.postgresqlUrl),
        wanted: tables.map((table) => ({ table, replace: true })),
        type: request.type,
        silence: request.silence,
        say,
      },
    );
    const late = await lakeOf(platform, config, topics, outcome, request, say);
    for (const table of outcome.sent) {
      if (!late.has(table)) console.log(`${table}: read again`);
    }
    for (const [table, why] of late)
      console.error(`\nError: ${table} was read again, but the lake does not take it: ${why}`);
    for (const { text } of outcome.failures) console.error(`\nError: ${text}`);
    return outcome.failures.length + late.size > 0 ? 1 : 0;
  } catch (error) {
    const { message, fix } = error as { message?: string; fix?: string };
    console.error(`\nError: ${message ?? error}`);
    if (fix) console.error(`Fix:   ${fix}`);
    return 1;
  } finally {
    await topics?.close();
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}

/** @throws UserError when there is no such connector, or it does not run */
async function runningConnector(platform: Platform) {
  const { kafkaConnectUrl, connectorName: name } = platform;
  // Rows may be on their way for hours.
  const connect = impatientClient(kafkaConnectUrl, { ...usualPacing, readOrDelete: Number.MAX_SAFE_INTEGER });
  const config: ConnectorConfig | undefined = await connect.readConfig(name);
  if (!config) {
    throw new UserError(
      `Kafka Connect at ${kafkaConnectUrl} has no connector ${name}`,
      "Run `npm run refresh`, then `npm run up`.",
    );
  }
  const status = await connect.readStatus(name);
  const health = judge(status);
  if (health.verdict !== "running") {
    throw new UserError(
      `Connector ${name} does not run: ${health.verdict === "failed" ? health.reasons.join("; ") : describeStatus(status)}`,
      "Run `npm run refresh`, then `npm run up`; `npm run status` shows more.",
    );
  }
  return { connect, config };
}

async function lakeOf(
  platform: Platform,
  config: ConnectorConfig,
  topics: TableTopics,
  { sent }: RowsOutcome,
  { silence }: ResnapshotRequest,
  say: (line: string) => void,
): Promise<ReadonlyMap<string, string>> {
  const topicNames = new Map(
    sent.flatMap((table): [string, string][] => {
      const topic = topicOf(config, table);
      return topic ? [[table, topic]] : [];
    }),
  );
  if (topicNames.size === 0) return new Map();
  say("all rows are in Kafka; waiting until the lake has them");
  const clusterId = await topics.clusterId();
  return waitForLake({ platform, clusterId, topics, topicNames, silence, say });
}
