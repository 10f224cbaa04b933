import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { urlAt } from "./database-access";
import { derivedSecret } from "./derived-secret";
import {
  addressText,
  type KafkaConnectEndpoint,
  type KafkaEndpoint,
  type LakeEndpoint,
  type PostgresqlEndpoint,
} from "./endpoints";
import { type Platform, PORTS, workerUiPort } from "./platform";
import { type ServiceArgs, serviceContainer } from "./service-container";

export interface ConsoleArgs extends ServiceArgs {
  postgresql: PostgresqlEndpoint;
  kafka: KafkaEndpoint;
  kafkaConnect: KafkaConnectEndpoint;
  lake: LakeEndpoint;
  /** Services of the stack besides those of the endpoints. */
  beside: { zookeeper: boolean; minio: boolean; supervisor: boolean; proof: boolean; sparkWorkers: number };
  connector: {
    connectorName: pulumi.Input<string>;
    /** As it is to be: `running`, `paused` or `stopped`. */
    desiredState: string;
    /** Its lists of tables, where they have expressions. */
    lists?: object | undefined;
  };
  capturedTables: pulumi.Input<string[]>;
  topicNames: pulumi.Input<string[]>;
  job: { applicationName: string; checkpoint: string };
  slotLagAlarm: string;
}

/** Where the authorities are that PostgreSQL's certificate is checked with. */
const CA_FILE = "/etc/console/postgresql-ca.pem";

/** A page that shows the stack to whoever has its token, and changes nothing (docs/console.md). */
export class Console extends pulumi.ComponentResource {
  readonly container: docker.Container;
  readonly url: string;
  /** What the page asks for. */
  readonly token: pulumi.Output<string>;

  constructor(name: string, args: ConsoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:Console", name, {}, opts);
    const { platform, postgresql } = args;
    this.token = derivedSecret(args.lake.secretKey, platform.stack, "console");
    const authorities = postgresql.tls?.ca?.text;
    this.container = serviceContainer(
      `${name}-container`,
      {
        ...{ platform, network: args.network, image: args.image, service: "console" },
        memory: 160,
        // What others want comes first.
        cpuShares: 128,
        stopSeconds: 10,
        ports: [platform.publish(PORTS.console)],
        uploads: [
          { file: "/etc/console/settings.json", content: settings(args, this.token) },
          ...(authorities === undefined ? [] : [{ file: CA_FILE, content: authorities }]),
        ],
      },
      { parent: this },
    );
    this.url = `http://${platform.hostAddress(PORTS.console)}`;
    this.registerOutputs({ url: this.url, token: this.token });
  }
}

/** As tools/console/settings.ts reads them. */
function settings(args: ConsoleArgs, token: pulumi.Output<string>): pulumi.Output<string> {
  const { platform, postgresql, kafka, kafkaConnect, lake, connector, job } = args;
  const known = pulumi.all({
    token,
    postgresqlUrl: urlAt(postgresql, postgresql.inside, CA_FILE),
    kafkaBootstrapServers: kafka.inside,
    kafkaSecurity: kafka.security,
    services: kafka.inside.apply((servers) => servicesOf(args, servers)),
    connectorName: connector.connectorName,
    capturedTables: args.capturedTables,
    topicNames: args.topicNames,
    lakeAccessKey: lake.accessKey,
    lakeSecretKey: lake.secretKey,
  });
  return pulumi.secret(
    known.apply((all) =>
      JSON.stringify({
        ...all,
        ...{ stack: platform.stack, port: PORTS.console },
        ...{ kafkaConnectUrl: kafkaConnect.inside, minioUrl: lake.inside },
        ...{ connectorState: connector.desiredState.toUpperCase(), tableLists: connector.lists },
        ...{ lakeRoot: lake.lakeUrl, objectStore: { region: lake.region, pathStyle: lake.pathStyle } },
        ...{ streamingJobName: job.applicationName, streamingJobCheckpoint: job.checkpoint },
        slotLagAlarm: args.slotLagAlarm,
        ...(args.beside.proof ? { proofUrl: `http://proof:${PORTS.proof}` } : {}),
      }),
    ),
  );
}

/** Each service, where the console reaches it, its container unless it is there already, and its own pages as a browser has them. */
function servicesOf(args: ConsoleArgs, bootstrapServers: string) {
  const { platform, postgresql, kafka, kafkaConnect, lake, beside } = args;
  const [broker = ""] = bootstrapServers.split(",");
  const own = (service: string, port: number, page?: string) =>
    entry(platform, { service, address: `${service}:${port}`, page });
  const workers = Array.from({ length: beside.sparkWorkers }, (_, index) => index + 1);
  const server = (service: string, address: string, isOwn: boolean, page?: string) =>
    isOwn
      ? entry(platform, { service, address, page })
      : { ...entry(platform, { service, address }), container: undefined };
  const page = (port: number) => `http://${platform.hostAddress(port)}`;
  return [
    server("postgresql", addressText(postgresql.inside), postgresql.madeBy.length > 0),
    server("kafka", broker, kafka.madeBy.length > 0),
    ...(beside.zookeeper ? [own("zookeeper", PORTS.zookeeper)] : []),
    server(
      "kafka-connect",
      addressOf(kafkaConnect.inside),
      kafkaConnect.madeBy.length > 0,
      `${kafkaConnect.url}/connectors`,
    ),
    ...(beside.supervisor ? [entry(platform, { service: "supervisor" })] : []),
    own("spark-master", PORTS.sparkMasterUi, page(PORTS.sparkMasterUi)),
    ...workers.map((number) =>
      own(
        number === 1 ? "spark-worker" : `spark-worker-${number}`,
        PORTS.sparkWorkerUi,
        page(workerUiPort(number)),
      ),
    ),
    own("spark-client", PORTS.sparkDriverUi, page(PORTS.sparkDriverUi)),
    server("minio", addressOf(lake.inside), beside.minio, page(PORTS.minioConsole)),
    ...(beside.proof ? [own("proof", PORTS.proof, `${page(PORTS.proof)}/metrics`)] : []),
  ];
}

function entry(
  platform: Platform,
  one: { service: string; address?: string | undefined; page?: string | undefined },
) {
  return { ...one, container: platform.containerName(one.service) as string | undefined };
}

/** `host:port` of a URL. */
function addressOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}
