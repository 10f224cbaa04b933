/** A Kafka that a stack finds: of no stack, encrypted, and only for who signs in. */
import * as fs from "node:fs";
import * as path from "node:path";
import execa from "execa";
import { eventually } from "./platform";

const CONTAINER = "e2e-own-kafka";
/** Of the image that stacks have their broker of. */
const IMAGE = "cdc/kafka:latest";
const PROGRAMS = "/kafka/bin";
/** Of the listener for programs in the container, which asks for nothing. */
const INSIDE = "localhost:9092";

export interface Certificate {
  readonly key: string;
  /** Signed by itself, so that it is its own authority. */
  readonly certificate: string;
}

/** Files with a certificate for an address. */
export async function certificateFor(address: string, folder: string, name: string): Promise<Certificate> {
  const [key, certificate] = [path.join(folder, `${name}.key`), path.join(folder, `${name}.crt`)];
  await execa("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${name}`],
    ...["-addext", `subjectAltName=IP:${address}`, "-keyout", key, "-out", certificate],
  ]);
  return { key, certificate };
}

export class SecureKafka {
  constructor(
    readonly address: string,
    readonly port: number,
  ) {}

  get bootstrapServers(): string {
    return `${this.address}:${this.port}`;
  }

  async start({ key, certificate }: Certificate, user: string, password: string): Promise<void> {
    await this.remove();
    const folder = path.dirname(key);
    const settings = path.join(folder, "server.properties");
    const store = path.join(folder, "store.pem");
    fs.writeFileSync(settings, this.settings());
    fs.writeFileSync(store, fs.readFileSync(key, "utf8") + fs.readFileSync(certificate, "utf8"), {
      mode: 0o644,
    });
    const published = `${this.bootstrapServers}:${this.port}`;
    await execa("docker", [
      "create",
      "--name",
      CONTAINER,
      "--label",
      "e2e=own-kafka",
      "--publish",
      published,
      IMAGE,
    ]);
    await execa("docker", ["cp", settings, `${CONTAINER}:/kafka/config/server.properties`]);
    await execa("docker", ["cp", store, `${CONTAINER}:/tmp/store.pem`]);
    await execa("docker", ["start", CONTAINER]);
    await eventually("a broker", 120, () => this.topics().catch(() => undefined), Boolean);
    await this.run("kafka-configs.sh", [
      ...["--alter", "--entity-type", "users", "--entity-name", user],
      ...["--add-config", `SCRAM-SHA-512=[password=${password}]`],
    ]);
  }

  async topics(): Promise<string[]> {
    const { stdout } = await this.run("kafka-topics.sh", ["--list"]);
    return stdout.split("\n").filter(Boolean).sort();
  }

  async remove(): Promise<void> {
    await execa("docker", ["rm", "--force", "--volumes", CONTAINER], { reject: false });
  }

  private run(program: string, args: string[]) {
    return execa("docker", [
      "exec",
      CONTAINER,
      `${PROGRAMS}/${program}`,
      "--bootstrap-server",
      INSIDE,
      ...args,
    ]);
  }

  private settings(): string {
    return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@localhost:9093
controller.listener.names=CONTROLLER
listeners=INSIDE://:9092,CONTROLLER://:9093,OUTSIDE://:${this.port}
advertised.listeners=INSIDE://${INSIDE},OUTSIDE://${this.bootstrapServers}
listener.security.protocol.map=INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT,OUTSIDE:SASL_SSL
inter.broker.listener.name=INSIDE
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.outside.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PEM
ssl.keystore.location=/tmp/store.pem
log.dirs=/var/lib/kafka
message.max.bytes=50000000
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
`;
  }
}
