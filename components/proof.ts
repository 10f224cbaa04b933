import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { dataVolume } from "./data-volume";
import { urlAt } from "./database-access";
import type { KafkaConnectEndpoint, KafkaEndpoint, LakeEndpoint, PostgresqlEndpoint } from "./endpoints";
import { PORTS } from "./platform";
import { type ServiceArgs, serviceContainer } from "./service-container";

export interface ProofArgs extends ServiceArgs {
  postgresql: PostgresqlEndpoint;
  kafka: KafkaEndpoint;
  kafkaConnect: KafkaConnectEndpoint;
  lake: LakeEndpoint;
  connectorName: pulumi.Input<string>;
  capturedTables: pulumi.Input<string[]>;
  topicNames: pulumi.Input<string[]>;
  streamingJobCheckpoint: string;
}

/** Where the authorities are that PostgreSQL's certificate is checked with. */
const CA_FILE = "/etc/proof/postgresql-ca.pem";

/** What it may cost: of one processor's time, and bytes a second that PostgreSQL reads. */
const BUDGET = { cpuShare: 0.02, bytesPerSecond: 1e6 };

/** Compares source and lake all the time, and says up to which moment each table is proven (docs/proof.md). */
export class Proof extends pulumi.ComponentResource {
  readonly container: docker.Container;
  /** As seen from this machine: `/metrics` for Prometheus, `/proof` for `npm run status`. */
  readonly url: string;

  constructor(name: string, args: ProofArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:Proof", name, {}, opts);
    const { platform, postgresql } = args;
    const data = dataVolume(`${name}-data`, platform, "proof", { parent: this });
    const authorities = postgresql.tls?.ca?.text;
    this.container = serviceContainer(
      `${name}-container`,
      {
        ...{ platform, network: args.network, image: args.image, service: "proof" },
        // At rest 100 MB; DuckDB takes up to 64 MB more.
        memory: 176,
        // What others want comes first.
        cpuShares: 128,
        stopSeconds: 10,
        ports: [platform.publish(PORTS.proof)],
        uploads: [
          { file: "/etc/proof/settings.json", content: settings(args) },
          ...(authorities === undefined ? [] : [{ file: CA_FILE, content: authorities }]),
        ],
        data: { volume: data.name, path: "/var/lib/proof" },
      },
      { parent: this },
    );
    this.url = `http://${platform.hostAddress(PORTS.proof)}`;
    this.registerOutputs({ url: this.url });
  }
}

/** As tools/proof/settings.ts reads them. */
function settings(args: ProofArgs): pulumi.Output<string> {
  const { postgresql, kafka, kafkaConnect, lake } = args;
  const known = pulumi.all({
    postgresqlUrl: urlAt(postgresql, postgresql.inside, CA_FILE),
    kafkaBootstrapServers: kafka.inside,
    kafkaSecurity: kafka.security,
    kafkaConnectUrl: kafkaConnect.inside,
    connectorName: args.connectorName,
    capturedTables: args.capturedTables,
    topicNames: args.topicNames,
    lakeRoot: lake.lakeUrl,
    objectStore: { region: lake.region, pathStyle: lake.pathStyle },
    minioUrl: lake.inside,
    lakeAccessKey: lake.accessKey,
    lakeSecretKey: lake.secretKey,
    streamingJobCheckpoint: args.streamingJobCheckpoint,
  });
  return pulumi.secret(known.apply((all) => JSON.stringify({ ...all, port: PORTS.proof, budget: BUDGET })));
}
