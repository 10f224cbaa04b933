/**
 * The same containers by hand: what `docker run` in the platform's own order, side by side where nothing depends on
 * another, then the connector and the job, takes until the first row can be read.
 */
import * as fs from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import Docker from "dockerode";
import execa from "execa";
import { Client } from "minio";
import type { Measurement } from "../measurement";
import { FIRST_ROW, UP } from "../metrics";
import { ContainerSampler } from "../observe/containers";
import { limitOf } from "../observe/usage";
import { defaults, firstRow } from "../scenarios/first-row";
import { FIRST_ROW_WITHIN } from "../scenarios/platform";
import type { LakeTable } from "../systems/system";
import { archiveOf, type ContainerFile, type ContainerRecipe, type Recipe } from "./recipe";

const HEALTHY_WITHIN = 180_000;
const POLL = 200;

export class PlainDocker {
  private readonly docker = new Docker();
  private readonly containers: Docker.Container[] = [];

  constructor(
    private readonly recipe: Recipe,
    private readonly network: string,
    private readonly portOffset: number,
  ) {}

  async measure(tables: readonly LakeTable[]): Promise<Measurement[]> {
    const { minioRootUser, minioRootPassword } = defaults();
    const place = {
      portOffset: this.portOffset,
      accessKey: minioRootUser,
      secretKey: minioRootPassword,
    };
    const failed = new AbortController();
    const names = [...this.recipe.containers.values()].map(({ body }) => body.name ?? "");
    const watched = await new ContainerSampler(names, `${this.network}-`).start();
    const began = Date.now();
    const row = firstRow(place, tables, failed.signal);
    row.catch(() => {});
    try {
      await this.start();
    } catch (error) {
      failed.abort();
      throw error;
    }
    const up = Date.now() - began;
    setTimeout(() => failed.abort(), FIRST_ROW_WITHIN).unref();
    const readable = (await row) - began;
    const shared = {
      limitedBy: limitOf(await watched.stop()),
      scenario: "platform, by hand",
      system: "plain docker" as const,
      unit: "s",
      detail:
        "docker create and start of the same containers, side by side, each waited for until it is healthy; then connector and job",
    };
    return [
      { ...shared, metric: FIRST_ROW, value: readable / 1000 },
      { ...shared, metric: UP, value: up / 1000 },
    ];
  }

  async remove(): Promise<void> {
    await Promise.all(
      this.containers.map((container) => container.remove({ force: true, v: true }).catch(() => {})),
    );
    await this.docker
      .getNetwork(this.network)
      .remove()
      .catch(() => {});
  }

  private async start(): Promise<void> {
    await this.docker.createNetwork({ Name: this.network });
    const bucket = this.run("minio").then(() => this.makeBucket());
    const tables = this.run("postgresql").then(() => this.makeTables());
    const kafka = (this.recipe.containers.has("zookeeper") ? this.run("zookeeper") : Promise.resolve()).then(
      () => this.run("kafka"),
    );
    const topics = Promise.all([kafka, tables]).then(() => this.makeTopics());
    const connect = kafka.then(() => this.run("kafka-connect"));
    const supervisor = connect.then(() =>
      this.recipe.containers.has("supervisor") ? this.run("supervisor") : undefined,
    );
    const connector = Promise.all([connect, topics]).then(() => this.makeConnector());
    const client = this.run("spark-master")
      .then(() => this.run("spark-worker"))
      .then(() => this.run("spark-client"));
    const job = Promise.all([client, bucket, topics]).then(() => this.startJob());
    await Promise.all([bucket, tables, topics, supervisor, connector, job]);
  }

  /** Creates and starts a container and waits until it is healthy. */
  private async run(service: string): Promise<void> {
    const { body, files } = this.of(service);
    const container = await this.docker.createContainer(body);
    this.containers.push(container);
    for (const { folder, file } of files) {
      await container.putArchive(await archiveOf([this.withOwnKeys(file)]), { path: folder });
    }
    await container.start();
    const deadline = Date.now() + HEALTHY_WITHIN;
    for (;;) {
      const { State } = await container.inspect();
      if (State.Health?.Status === "healthy") return;
      if (Date.now() > deadline) throw new Error(`${body.name} did not become healthy`);
      await pause(POLL);
    }
  }

  /** MinIO's administrator writes: by hand nobody makes a user of the lake's own. */
  private withOwnKeys(file: ContainerFile): ContainerFile {
    if (!file.header.name.endsWith("spark-defaults.conf")) return file;
    const { minioRootUser, minioRootPassword } = defaults();
    const content = file.content
      .toString("utf8")
      .replace(/^(spark\.hadoop\.fs\.s3a\.access\.key\s*=?\s*).*$/m, `$1${minioRootUser}`)
      .replace(/^(spark\.hadoop\.fs\.s3a\.secret\.key\s*=?\s*).*$/m, `$1${minioRootPassword}`);
    return { ...file, content: Buffer.from(content) };
  }

  private async makeBucket(): Promise<void> {
    const { bucket, minioRootUser, minioRootPassword } = defaults();
    const client = new Client({
      endPoint: "localhost",
      port: 9000 + this.portOffset,
      useSSL: false,
      accessKey: minioRootUser,
      secretKey: minioRootPassword,
    });
    await client.makeBucket(bucket);
  }

  private async makeTables(): Promise<void> {
    const psql = ["psql", "-U", "postgres", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-q"];
    await execa("docker", ["exec", "-i", this.name("postgresql"), ...psql], {
      input: fs.readFileSync("sql/schema.sql", "utf8"),
    });
  }

  private async makeTopics(): Promise<void> {
    const tool = [
      "/kafka/bin/kafka-topics.sh",
      "--bootstrap-server",
      "kafka:9092",
      "--create",
      "--partitions",
      "1",
    ];
    await Promise.all(
      this.recipe.topics.map((topic) =>
        execa("docker", ["exec", this.name("kafka"), ...tool, "--replication-factor", "1", "--topic", topic]),
      ),
    );
  }

  private async makeConnector(): Promise<void> {
    const answer = await fetch(`http://localhost:${8083 + this.portOffset}/connectors`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(this.recipe.connector),
    });
    if (!answer.ok) throw new Error(`Kafka Connect refused the connector: ${await answer.text()}`);
  }

  private async startJob(): Promise<void> {
    const client = this.docker.getContainer(this.name("spark-client"));
    const { name, archives } = this.recipe.job;
    for (const { folder, archive } of archives) await client.putArchive(archive, { path: folder });
    for (const verb of ["install", "start"]) {
      await execa("docker", ["exec", this.name("spark-client"), "application", verb, name]);
    }
  }

  private of(service: string): ContainerRecipe {
    const found = this.recipe.containers.get(service);
    if (!found) throw new Error(`the stack had no container ${service}`);
    return found;
  }

  private name(service: string): string {
    return this.of(service).body.name ?? service;
  }
}
