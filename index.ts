/** The platform: servers, pipelines, and what watches them. Configuration is declared in Pulumi.yaml. */
import * as pulumi from "@pulumi/pulumi";
import { Console } from "./components/console";
import { requireOneDaemon } from "./components/docker-daemon";
import { Images } from "./components/image";
import { Network } from "./components/network";
import { OtherConnectors, readOtherConnectors } from "./components/other-connectors";
import { declarePipeline, type PipelineArgs } from "./components/pipeline";
import { pipelineCollisions } from "./components/pipeline-collisions";
import { readPipelines } from "./components/pipeline-settings";
import { Platform } from "./components/platform";
import { Proof } from "./components/proof";
import { rowSizes } from "./components/row-sizes";
import { declareServers } from "./components/servers";
import { clusterSecret } from "./components/spark-authentication";
import { SparkMaster } from "./components/spark-cluster";
import { Supervisor } from "./components/supervisor";
import { extraCertificates } from "./components/trusted-certificates";
import { readConfig } from "./config";
import { programOutputs } from "./program-outputs";

requireOneDaemon();
const config = readConfig();
const [declared, ...others] = readPipelines(config, config.pipelines, config.kafkaConnect === undefined);
const collisions = pipelineCollisions([declared, ...others]);
if (collisions.length > 0) throw new pulumi.RunError(collisions.join("\n"));
const connectors = readOtherConnectors(
  config.connectors,
  new Map([declared, ...others].map(({ file }) => [file.name, file.file])),
);

const platform = new Platform(config);
const sizes = rowSizes(config.maxRowSize);
const images = new Images("images", {
  overrides: config.images,
  kafkaMetadata: config.kafkaMetadata,
  certificates: extraCertificates(config.caCertificates),
});
const network = new Network("network", { platform }).networkName;

// PostgreSQL, Kafka, Kafka Connect, an object store
const servers = declareServers({ platform, network, images, sizes, config });
const { postgresql, kafka, kafkaConnect } = servers;

// In a Kafka Connect of others, connectors are not ours to restart.
if (config.supervisor && !config.kafkaConnect) {
  new Supervisor("supervisor", {
    ...{ platform, network, image: images.get("supervisor"), kafkaConnect },
    backoffUnit: config.supervisorBackoffUnit,
  });
}

const sparkSecret = clusterSecret(platform.stack, config.lakeSecretKey);
const sparkMaster = new SparkMaster("spark-master", {
  ...{ platform, network, image: images.get("spark"), secret: sparkSecret },
});

// PostgreSQL → Debezium on Kafka Connect → Kafka → Spark Structured Streaming → Delta tables in MinIO
const shared: PipelineArgs = {
  ...{ platform, network, images, servers, sparkMaster, sparkSecret, sizes },
  sparkWorkers: config.sparkWorkers,
  isOneOfSeveral: others.length > 0,
  own: undefined,
};
const own = declarePipeline(declared, shared);
const further = others.map((pipeline) => declarePipeline(pipeline, { ...shared, sparkWorkers: 1, own }));

if (connectors.length > 0) {
  const topics = [own, ...further].map((pipeline) => pipeline.topics);
  new OtherConnectors("connectors", { kafkaConnect, kafka, connectors, topics });
}

const proof = config.continuousProof
  ? new Proof("proof", {
      ...{ platform, network, image: images.get("proof") },
      ...{ postgresql, kafka, kafkaConnect, lake: own.lake },
      connectorName: own.connector.connectorName,
      capturedTables: own.captured.names,
      topicNames: own.topics.names,
      streamingJobCheckpoint: own.job.checkpoint,
    })
  : undefined;

const stackConsole = config.console
  ? new Console("console", {
      ...{ platform, network, image: images.get("console") },
      ...{ postgresql, kafka, kafkaConnect, lake: own.lake },
      beside: {
        minio: servers.minio !== undefined,
        zookeeper: servers.zookeeper !== undefined,
        supervisor: config.supervisor && !config.kafkaConnect,
        proof: proof !== undefined,
        sparkWorkers: config.sparkWorkers,
      },
      connector: {
        connectorName: own.connector.connectorName,
        desiredState: config.connectorState,
        lists: own.file.selection.isOpen ? own.file.lists : undefined,
      },
      capturedTables: own.captured.names,
      topicNames: own.topics.names,
      job: own.job,
      slotLagAlarm: config.slotLagAlarm,
    })
  : undefined;

// `pulumi stack output` and `npm run outputs` show them; outputs.ts says what each is.
Object.assign(
  module.exports,
  programOutputs({
    platform,
    config,
    servers,
    own,
    further,
    sparkMaster,
    sparkSecret,
    proof,
    console: stackConsole,
  }),
);
