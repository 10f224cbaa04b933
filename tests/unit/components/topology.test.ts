// biome-ignore-all lint/suspicious/noExplicitAny: the inputs of any resource
import * as fs from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { settingsShape as consoleSettings } from "../../../tools/console/settings";
import { settingsShape } from "../../../tools/proof/settings";
import { WALKTHROUGH_SECRETS } from "../../../walkthrough-secrets";
import { type Program, runProgram } from "./program";

const CONTAINER = "docker:index/container:Container";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const SIGNATURE = "4dabf18193072939515e22adb298388d";

let dev: Program;

beforeAll(async () => {
  dev = await runProgram("dev");
});

describe("the topology", () => {
  it("has the eight services of the walkthrough, the supervisor, the continuous proof and the console, under their plain names", () => {
    expect(
      dev
        .ofType(CONTAINER)
        .map(({ inputs }) => inputs.name)
        .sort(),
    ).toEqual([
      "console",
      "kafka",
      "kafka-connect",
      "minio",
      "postgresql",
      "proof",
      "spark-client",
      "spark-master",
      "spark-worker",
      "supervisor",
      "zookeeper",
    ]);
  });

  it("has the bucket, the connector and the streaming job", () => {
    expect(dev.ofType("minio:index/s3Bucket:S3Bucket")[0]?.inputs.bucket).toBe("change-data-capture");
    expect(dev.ofType("pulumi-nodejs:dynamic/debezium:Connector")[0]?.inputs.name).toBe(
      "debezium-postgres-connector",
    );
    expect(dev.ofType("pulumi-nodejs:dynamic/spark:Application")).toHaveLength(1);
  });

  it("parents every resource to a component", () => {
    for (const { type, name, parent } of dev.resources) {
      if (type.startsWith("cdc:index:")) expect(parent, name).toBe("");
      else expect(dev.named(parent).type, name).toMatch(/^cdc:index:/);
    }
  });

  it("starts each service after what it needs, and independent ones side by side", () => {
    const containersBefore = (name: string) =>
      dev.named(name).dependsOn.filter((dependency) => /-container(-\d+)?$/.test(dependency));
    expect(containersBefore("postgresql-container")).toEqual([]);
    expect(containersBefore("zookeeper-container")).toEqual([]);
    expect(containersBefore("minio-container")).toEqual([]);
    expect(containersBefore("spark-master-container")).toEqual([]);
    expect(containersBefore("kafka-container")).toEqual(["zookeeper-container"]);
    expect(containersBefore("kafka-connect-container")).toEqual(["kafka-container"]);
    expect(containersBefore("spark-worker-container-1")).toEqual([]);
    expect(containersBefore("spark-client-container")).toEqual([]);
  });

  it("replaces what has a name of its own only after the old one is gone", () => {
    const nameless = ["docker:index/image:Image", "command:local:Command"];
    const managed = dev.resources.filter(({ type }) => !/^(cdc:index:|pulumi:providers:)/.test(type));
    for (const { type, name, deleteBeforeReplace } of managed) {
      expect(deleteBeforeReplace, name).toBe(nameless.includes(type) ? undefined : true);
    }
  });

  it("deletes what is in MinIO with MinIO's volume, so that a destroy needs no server that answers", () => {
    for (const name of ["lake-bucket", "lake-writer"]) {
      expect(dev.named(name).deletedWith, name).toBe("minio-data");
    }
  });

  it("hands the state and the position wanted to the connector", async () => {
    expect(dev.named("debezium-connector").inputs.desiredState).toBe("running");
    expect(dev.named("debezium-connector").inputs).not.toHaveProperty("offsets");
    const moved = await runProgram("dev", {
      connectorState: "paused",
      connectorOffsets: '{"reset": "today"}',
    });
    expect(moved.named("debezium-connector").inputs).toMatchObject({
      desiredState: "paused",
      offsets: { reset: "today" },
    });
  });

  it("creates connector and job after tables and topics", () => {
    const connector = dev.named("debezium-connector").dependsOn;
    expect(connector).toContain("topics-of-tables");
    expect(connector).toContain("kafka-connect-container");
    expect(dev.named("topics-of-tables").dependsOn).toContain("source-tables-schema");
    const job = dev.named("streaming-job-application").dependsOn;
    expect(job).toContain("topics-of-tables");
    expect(job).toContain("lake-writer");
    for (const container of [
      "spark-client-container",
      "spark-master-container",
      "spark-worker-container-1",
    ]) {
      expect(job).toContain(container);
    }
  });
});

describe("every container", () => {
  it("is labelled, restarted, limited, checked and stopped gracefully", () => {
    for (const { name, inputs } of dev.ofType(CONTAINER)) {
      const labels = Object.fromEntries(inputs.labels.map(({ label, value }: any) => [label, value]));
      expect(labels["cdc.stack"], name).toBe("dev");
      expect(labels["cdc.service"], name).toBe(inputs.hostname);
      expect(labels["cdc.healthcheck"], name).toMatch(/^[0-9a-f]{12}$/);
      expect(inputs.healthcheck.tests.slice(0, 3), name).toEqual(["CMD", "sh", "-c"]);
      expect(inputs.healthcheck.tests[4], name).toBe("/usr/local/bin/healthcheck");
      expect(inputs.wait, name).toBe(true);
      expect(inputs.restart, name).toBe("unless-stopped");
      expect(inputs.memory, name).toBeGreaterThan(0);
      expect(inputs.memorySwap, name).toBe(inputs.memory);
      expect(inputs.destroyGraceSeconds, name).toBeGreaterThanOrEqual(10);
      expect(inputs.capabilities.drops, name).toEqual(["ALL"]);
      expect(inputs.securityOpts, name).toEqual(["no-new-privileges:true"]);
    }
  });

  it("has a file system that is read-only where nothing is put into it", () => {
    for (const { name, inputs } of dev.ofType(CONTAINER)) {
      expect(inputs.readOnly, name).toBe(inputs.uploads === undefined ? true : undefined);
    }
  });

  it("publishes its ports on loopback only, each port once", () => {
    const ports = dev.ofType(CONTAINER).flatMap(({ inputs }) => inputs.ports ?? []);
    expect(ports.every(({ ip }) => ip === "127.0.0.1")).toBe(true);
    expect(new Set(ports.map(({ external }) => external)).size).toBe(ports.length);
  });

  it("runs the image that was built from images/", () => {
    for (const { name, inputs } of dev.ofType(CONTAINER))
      expect(inputs.image, name).toMatch(/^sha256:image-/);
  });

  it("together fits a laptop with 16 GB", () => {
    const limits = dev.ofType(CONTAINER).map(({ inputs }) => inputs.memory);
    expect(limits.reduce((sum, limit) => sum + limit, 0)).toBeLessThanOrEqual(8.25 * 1024);
  });

  it("keeps the data of PostgreSQL, Kafka, ZooKeeper and MinIO, and what is proven, in a named volume", () => {
    const withVolume = dev.ofType(CONTAINER).filter(({ inputs }) => inputs.volumes);
    expect(withVolume.map(({ inputs }) => inputs.volumes[0].volumeName).sort()).toEqual([
      "cdc-dev-kafka-data",
      "cdc-dev-minio-data",
      "cdc-dev-postgresql-data",
      "cdc-dev-proof-data",
      "cdc-dev-zookeeper-data",
    ]);
  });
});

describe("secrets", () => {
  const secrets = ["postgres-pw-1", "minio-pw-12345", "lake-key-12345"];

  it("are secret wherever they go", async () => {
    const program = await runProgram("dev", {
      postgresPassword: secrets[0] as string,
      minioRootPassword: secrets[1] as string,
      lakeSecretKey: secrets[2] as string,
    });
    const bare = JSON.stringify(program.resources, (_key, value) =>
      value?.[SIGNATURE] === SECRET ? "[secret]" : value,
    );
    expect(JSON.stringify(program.resources)).toContain(secrets[0]);
    for (const secret of secrets) expect(bare).not.toContain(secret);
  });

  it("are secret also where a stack sets none, and in no default that Pulumi hands to providers in clear", () => {
    const { postgresPassword, ...telling } = WALKTHROUGH_SECRETS;
    const bare = JSON.stringify(dev.resources, (_key, value) =>
      value?.[SIGNATURE] === SECRET ? "[secret]" : value,
    );
    for (const secret of Object.values(telling)) {
      expect(JSON.stringify(dev.resources)).toContain(secret);
      expect(bare).not.toContain(secret);
      expect(fs.readFileSync("Pulumi.yaml", "utf8")).not.toContain(secret);
    }
    const { inputs } = dev.named("debezium-connector");
    expect(inputs.database.password).toMatchObject({ [SIGNATURE]: SECRET, value: postgresPassword });
  });

  it("are secret outputs", async () => {
    for (const name of [
      "postgresqlUrl",
      "postgresqlPassword",
      "consoleToken",
      "minioRootPassword",
      "lakeSecretKey",
      "sparkAuthenticationSecret",
    ]) {
      expect(await (dev.outputs[name] as any).isSecret, name).toBe(true);
    }
  });

  it("never reach the connector's configuration", () => {
    expect(dev.named("debezium-connector").inputs.config["database.password"]).toBe(
      `\${file:/kafka/secrets/postgresql.properties:password}`,
    );
  });
});

describe("Kafka and its worker", () => {
  const options = (program: Program, name: string): string =>
    program.named(name).inputs.envs.find((env: string) => env.startsWith("KAFKA_OPTS="));

  it("load no login module, and read no file and no variable, that settings name", () => {
    expect(options(dev, "kafka-container")).toContain("automatic.config.providers=none ");
    expect(options(dev, "kafka-connect-container")).toContain(
      "automatic.config.providers=cdc.worker.SecretFiles ",
    );
    for (const name of ["kafka-container", "kafka-connect-container"])
      expect(options(dev, name), name).toMatch(
        /disallowed\.login\.modules=\S*JndiLoginModule,\S*LdapLoginModule/,
      );
  });

  it("leave to connectors what the shipped one sets of its clients, and neither address, class nor login", () => {
    const worker: string = dev.named("kafka-connect-container").inputs.uploads[0].content;
    const allowed =
      /^connector\.client\.config\.override\.allowlist=(.*)$/m.exec(worker)?.[1]?.split(",") ?? [];
    const set = Object.keys(dev.named("debezium-connector").inputs.config)
      .filter((key) => key.startsWith("producer.override."))
      .map((key) => key.slice("producer.override.".length));
    expect(set.length).toBeGreaterThan(0);
    expect(set.filter((key) => !allowed.includes(key))).toEqual([]);
    expect(allowed.filter((key) => /class|servers|sasl|ssl|security|providers|reporters/.test(key))).toEqual(
      [],
    );
    expect(worker).toContain("connector.client.config.override.policy=cdc.worker.AllowedClientSettings");
  });
});

describe("the Spark cluster", () => {
  const settings = (program: Program, name: string): string => {
    const { content } = program.named(name).inputs.uploads[0];
    expect(content[SIGNATURE], name).toBe(SECRET);
    return content.value;
  };
  const secretOf = (program: Program, name: string) =>
    /^spark\.authenticate\.secret=([0-9a-f]{64})$/m.exec(settings(program, name))?.[1];

  it("shares a secret of the stack, and takes no programs by HTTP", async () => {
    const other = await runProgram("blue");
    const rotated = await runProgram("dev", { lakeSecretKey: "another-lake-key" });
    for (const name of ["spark-master-container", "spark-worker-container-1", "spark-client-container"]) {
      expect(settings(dev, name), name).toContain("spark.authenticate=true\n");
      expect(settings(dev, name), name).toContain("spark.master.rest.enabled=false\n");
      expect(secretOf(dev, name), name).toBeDefined();
      expect(secretOf(dev, name), name).toBe(secretOf(dev, "spark-master-container"));
      expect(secretOf(other, name), name).not.toBe(secretOf(dev, name));
      expect(secretOf(rotated, name), name).not.toBe(secretOf(dev, name));
    }
  });

  it("does not know the lake's key on master and workers", () => {
    for (const name of ["spark-master-container", "spark-worker-container-1"])
      expect(settings(dev, name), name).not.toContain("fs.s3a");
  });
});

describe("a second stack", () => {
  it("shares no name and no port with the stack dev", async () => {
    const other = await runProgram("blue", { portOffset: "1000" });
    const taken = (program: Program) =>
      program.resources.flatMap(({ type, inputs }) =>
        type.startsWith("docker:index/") && !type.includes("/image:")
          ? [inputs.name, ...(inputs.ports ?? []).map(({ external }: any) => external)]
          : [],
      );
    expect(taken(other).filter((value) => taken(dev).includes(value))).toEqual([]);
    expect(other.ofType(CONTAINER)[0]?.inputs.networksAdvanced[0].aliases).toEqual(
      dev.ofType(CONTAINER)[0]?.inputs.networksAdvanced[0].aliases,
    );
  });
});

describe("a stack for other machines (case bind-address-of-the-lan)", () => {
  const OWN = {
    postgresPassword: "of-its-own-1",
    minioRootPassword: "of-its-own-2",
    lakeSecretKey: "of-its-own-3",
  };
  const told = (program: Program) =>
    /^advertised\.listeners=.*$/m.exec(program.named("kafka-container").inputs.uploads[0].content)?.[0];

  it("is published on their side's address, and tells it: in endpoints and to Kafka clients", async () => {
    const lan = await runProgram("lan", {
      bindAddress: "192.168.1.20",
      portOffset: "20000",
      ...OWN,
    });
    const ports = lan.ofType(CONTAINER).flatMap(({ inputs }) => inputs.ports ?? []);
    expect(new Set(ports.map(({ ip }) => ip))).toEqual(new Set(["192.168.1.20"]));
    expect(told(lan)).toContain("HOST://192.168.1.20:49092");
    const outputs = JSON.stringify({ ...lan.outputs, postgresqlUrl: undefined });
    expect(outputs).not.toContain("localhost");
    expect(lan.outputs).toMatchObject({
      postgresqlAddress: "192.168.1.20:25432",
      kafkaBootstrapServers: "192.168.1.20:49092",
      minioUrl: "http://192.168.1.20:29000",
    });
  });

  it("on all addresses calls itself localhost, as it does on the loopback", async () => {
    const all = await runProgram("lan", { bindAddress: "0.0.0.0", ...OWN });
    expect(all.outputs).toMatchObject({ kafkaBootstrapServers: "localhost:29092" });
    expect(told(all)).toContain("HOST://localhost:29092");
  });
});

describe("a stack for other machines with a password that everyone knows", () => {
  it("is refused", async () => {
    const lan = runProgram("lan", { bindAddress: "0.0.0.0", postgresPassword: "of-its-own" });
    await expect(lan).rejects.toThrow(/bindAddress is 0\.0\.0\.0.*cdc:minioRootPassword, cdc:lakeSecretKey/);
  });
});

describe("with Kafka's metadata in the broker itself (KRaft)", () => {
  const lines = (program: Program) =>
    program.named("kafka-container").inputs.uploads[0].content.split("\n") as string[];

  it("there is no ZooKeeper: no container, no volume, no image, no endpoint", async () => {
    const kraft = await runProgram("blue", { kafkaMetadata: "kraft" });
    expect(JSON.stringify(kraft.resources)).not.toMatch(/zookeeper(?!\.jar)/i);
    expect(kraft.outputs.zookeeperAddress).toBeUndefined();
    expect(kraft.ofType(CONTAINER)).toHaveLength(10);
    expect(lines(kraft)).toContain("process.roles=broker,controller");
    expect(lines(dev)).toContain("zookeeper.connect=zookeeper:2181");
  });

  it("everything else is the same: listeners, services, connector, job", async () => {
    const kraft = await runProgram("dev", { kafkaMetadata: "kraft" });
    const names = (program: Program) =>
      program.resources.map(({ name }) => name).filter((name) => !/zookeeper/.test(name));
    expect(names(kraft).sort()).toEqual(names(dev).sort());
    const internal = (program: Program) =>
      lines(program).filter((line) => /^(offsets|transaction|num)\./.test(line));
    expect(internal(kraft)).toEqual(internal(dev));
    const told = (program: Program) =>
      lines(program).find((line) => line.startsWith("advertised.listeners="));
    expect(told(kraft)).toBe(`${told(dev)},CONTROLLER://localhost:9093`);
  });

  it("the broker has a volume of its own, so that a switch starts an empty Kafka", async () => {
    const kraft = await runProgram("dev", { kafkaMetadata: "kraft" });
    expect(dev.named("kafka-data").inputs.name).toBe("cdc-dev-kafka-data");
    expect(kraft.named("kafka-data").inputs.name).toBe("cdc-dev-kafka-kraft-data");
  });
});

/** What an output comes to. */
function outputOf(program: Program, output: string): Promise<unknown> {
  return (program.outputs[output] as any).promise();
}

describe("configuration", () => {
  it("adds workers without touching the ports of others", async () => {
    const program = await runProgram("dev", { sparkWorkers: "3" });
    const ports = program
      .ofType(CONTAINER)
      .flatMap(({ inputs }) => (inputs.ports ?? []).map((p: any) => p.external));
    expect(program.ofType(CONTAINER)).toHaveLength(13);
    expect(new Set(ports).size).toBe(ports.length);
  });

  it("takes an image instead of building it, and then builds none of its parents", async () => {
    const images = JSON.stringify({
      spark: "example/spark:1",
      kafka: "example/kafka:1",
      zookeeper: "example/zk:1",
    });
    const program = await runProgram("dev", { images });
    expect(
      program
        .ofType("docker:index/remoteImage:RemoteImage")
        .map(({ inputs }) => inputs.name)
        .sort(),
    ).toEqual(["example/kafka:1", "example/spark:1", "example/zk:1"]);
    const built = program.ofType("docker:index/image:Image").map(({ name }) => name);
    expect(built.sort()).toEqual([
      "image-base",
      "image-console",
      "image-java",
      "image-kafka-connect",
      "image-maven",
      "image-minio",
      "image-node",
      "image-npm",
      "image-postgresql",
      "image-proof",
      "image-supervisor",
    ]);
  });

  it("has no supervisor, nor its image, when told so", async () => {
    const program = await runProgram("dev", { supervisor: "false" });
    expect(program.resources.filter(({ name }) => name.includes("supervisor"))).toEqual([]);
  });

  it("has no continuous proof, nor its image, volume and endpoint, when told so", async () => {
    const program = await runProgram("dev", { continuousProof: "false" });
    expect(program.resources.filter(({ name }) => name.includes("proof"))).toEqual([]);
    expect(program.outputs.proofUrl).toBeUndefined();
  });

  it("gives the continuous proof addresses inside the network, and its budget, as a secret file", () => {
    const { content, file } = dev.named("proof-container").inputs.uploads[0];
    expect(file).toBe("/etc/proof/settings.json");
    expect(content[SIGNATURE]).toBe(SECRET);
    expect(settingsShape.parse(JSON.parse(content.value))).toMatchObject({
      ...{ kafkaBootstrapServers: "kafka:9092", minioUrl: "http://minio:9000", port: 9464 },
      ...{ capturedTables: ["public.links", "public.customers1"], lakeRoot: "s3a://change-data-capture" },
      budget: { cpuShare: 0.02, bytesPerSecond: 1_000_000 },
    });
    expect(dev.outputs.proofUrl).toBe("http://localhost:9464");
  });

  it("hands the console its token, and where each service of the stack is, from inside and for a browser", async () => {
    const of = (program: Program) => {
      const { content } = program.named("console-container").inputs.uploads[0];
      expect(content[SIGNATURE]).toBe(SECRET);
      return consoleSettings.parse(JSON.parse(content.value));
    };
    const settings = of(dev);
    expect(settings).toMatchObject({ port: 9465, connectorState: "RUNNING", proofUrl: "http://proof:9464" });
    const services = Object.fromEntries(settings.services.map(({ service, ...one }) => [service, one]));
    const containers = dev.ofType(CONTAINER).map(({ inputs }) => inputs.hostname);
    expect(Object.keys(services).sort()).toEqual(containers.filter((name) => name !== "console").sort());
    expect(services).toMatchObject({
      kafka: { address: "kafka:9092", container: "kafka" },
      "kafka-connect": { address: "kafka-connect:8083", page: "http://localhost:8083/connectors" },
      minio: { address: "minio:9000", page: "http://localhost:9001" },
      "spark-client": { address: "spark-client:4040", page: "http://localhost:4040" },
    });
    expect(services.supervisor).not.toHaveProperty("address");
    expect(dev.outputs.consoleUrl).toBe("http://localhost:9465");
    const [other, rotated] = [
      await runProgram("blue"),
      await runProgram("dev", { lakeSecretKey: "another-key" }),
    ];
    expect(new Set([settings, of(other), of(rotated)].map(({ token }) => token)).size).toBe(3);
    expect(await outputOf(dev, "consoleToken")).toBe(settings.token);
    expect(of(other).services.find(({ service }) => service === "kafka")?.container).toBe("blue-kafka");
  });

  it("hands PostgreSQL how much log a slot may hold back", async () => {
    const program = await runProgram("dev", { maxSlotWalKeepSize: "500MB" });
    expect(program.named("postgresql-container").inputs.command).toContain("max_slot_wal_keep_size=500MB");
  });

  it("names topics and lake tables after the connector's tables", async () => {
    const connectorOverrides = JSON.stringify({
      "table.include.list": "sales.orders",
      "topic.prefix": "shop",
    });
    const program = await runProgram("dev", { connectorOverrides });
    expect(await outputOf(program, "topicNames")).toEqual(["shop.sales.orders"]);
    expect(await outputOf(program, "lakeTables")).toEqual(["s3a://change-data-capture/sales/orders"]);
  });

  it("gives topics the settings of all tables, and of their own", async () => {
    const topicConfig = {
      "*": { "retention.ms": 604_800_000, "segment.ms": "3600000" },
      "public.links": { "retention.ms": -1, preallocate: true },
    };
    const program = await runProgram("dev", { topicConfig: JSON.stringify(topicConfig) });
    const { topics } = program.named("topics-of-tables").inputs;
    expect(topics["dbserver2.public.links"].config).toEqual({
      ...{ "retention.ms": "-1", "segment.ms": "3600000", preallocate: "true" },
    });
    expect(topics["dbserver2.public.customers1"].config).toEqual({
      ...{ "retention.ms": "604800000", "segment.ms": "3600000" },
    });
  });

  it.each([
    [
      "retention.sm",
      "1",
      /made of Kafka's topic settings, of which retention\.sm is none \(did you mean retention\.ms\?\)/,
    ],
    ["max.message.bytes", "1", /without max\.message\.bytes: it follows from cdc:maxRowSize/],
    ["partitions", 3, /without partitions: a table's topic has one/],
    ["cleanup.policy", "compact", /without cleanup\.policy: a topic that is compacted loses changes/],
  ])("refuses the topic setting %s", async (name, value, expected) => {
    const topicConfig = JSON.stringify({ "public.links": { [name]: value } });
    await expect(runProgram("dev", { topicConfig })).rejects.toThrow(expected);
  });

  it("takes tables of any name, as Debezium and the lake write it", async () => {
    const list = "rw.LİNKS, rw.Company Inc$Sales Header,(?-i)public\\.links,rw.Orders (old)";
    const program = await runProgram("dev", {
      connectorOverrides: JSON.stringify({ "table.include.list": list }),
    });
    expect(await outputOf(program, "capturedTables")).toEqual([
      ...["rw.LİNKS", "rw.Company Inc$Sales Header", "public.links", "rw.Orders (old)"],
    ]);
    expect(await outputOf(program, "topicNames")).toEqual([
      ...["dbserver2.rw.L_NKS", "dbserver2.rw.Company_Inc_Sales_Header"],
      ...["dbserver2.public.links", "dbserver2.rw.Orders__old_"],
    ]);
    expect(await outputOf(program, "lakeTables")).toContain(
      "s3a://change-data-capture/rw/Company Inc$Sales Header",
    );
    expect(program.named("debezium-connector").inputs.config["table.include.list"]).toBe(
      "rw.LİNKS,rw.Company Inc$Sales Header,public.links,rw.Orders \\(old\\)",
    );
  });

  it.each([
    ["rw.sales.eu", /contains "rw\.sales\.eu": a table with a dot in its name cannot be captured/],
    ["public.links,rw.a,b", /contains "b": list each table as schema\.table.*A table with a comma/],
    ["rw.twin$1,rw.twin_1", /names rw\.twin\$1 and rw\.twin_1, whose changes would come in one topic/],
    [
      "rw.a_name_of_sixty_three_characters_is_the_longest_postgres_takes_ok",
      /keeps 63 of a name: list rw\.a_name_of_sixty_three_characters_is_the_longest_postgres_takes_,/,
    ],
  ])("refuses to capture %s, and says what about the name is the trouble", async (list, reason) => {
    const connectorOverrides = JSON.stringify({ "table.include.list": list });
    await expect(runProgram("dev", { connectorOverrides })).rejects.toThrow(reason);
  });

  it("lets a preview look at the database when only the list of tables changes", async () => {
    const tableKeys = JSON.stringify({ "public.links": ["customerId"] });
    const program = await runProgram("dev", { tableKeys });
    const { inputs } = program.named("debezium-connector");
    expect(inputs.checks).toEqual({
      after: "source-tables-schema-id",
      keys: { "public.links": ["customerId"] },
    });
    const listed = await runProgram("dev", {
      connectorOverrides: JSON.stringify({ "table.include.list": "public.links" }),
    });
    const command = (of: Program, name: string) => of.named(name).inputs;
    expect(command(listed, "source-tables-schema")).toEqual(command(program, "source-tables-schema"));
    expect(command(listed, "source-tables-check").triggers).not.toEqual(
      command(program, "source-tables-check").triggers,
    );
  });

  it.each([
    ["portOffset", "70000", /cdc:portOffset is "70000".*between 0 and 35000/],
    ["portOffset", "x", /cdc:portOffset is "x".*a whole number/],
    ["bindAddress", "999.999.1.1", /cdc:bindAddress is "999.999.1.1".*IPv4/],
    ["bindAddress", "everywhere", /cdc:bindAddress is "everywhere".*IPv4/],
    ["bucket", "My Bucket", /cdc:bucket is "My Bucket"/],
    ["triggerInterval", "soon", /cdc:triggerInterval is "soon".*1 second/],
    ["lakeRetention", "1 minute", /cdc:lakeRetention is "1 minute".*at least 5 minutes/],
    ["maxSlotWalKeepSize", "much", /cdc:maxSlotWalKeepSize is "much".*4GB/],
    ["supervisor", "perhaps", /cdc:supervisor is "perhaps".*true or false/],
    ["continuousProof", "perhaps", /cdc:continuousProof is "perhaps".*true or false/],
    ["sparkWorkers", "0", /cdc:sparkWorkers is "0".*between 1 and 8/],
    ["kafkaMetadata", "etcd", /cdc:kafkaMetadata is "etcd".*zookeeper or kraft/],
    ["images", '{"oracle":"x"}', /cdc:images .*postgresql/],
    ["connectorConfig", "nowhere.json", /cdc:connectorConfig: .*nowhere.json does not exist/],
    [
      "connectorOverrides",
      '{"table.include.list":"public.(a|b"}',
      /"table.include.list" contains "public\.\(a\|b" is no regular expression/,
    ],
    [
      "connectorOverrides",
      '{"table.exclude.list":"public.a"}',
      /"table.exclude.list" cannot stand beside "table.include.list"/,
    ],
    ["caCertificates", "nowhere.pem", /cdc:caCertificates: .*nowhere.pem does not exist/],
  ])("refuses %s = %s with a message that names it", async (key, value, message) => {
    await expect(runProgram("dev", { [key]: value })).rejects.toThrow(message);
  });

  it("refuses a short password without showing it", async () => {
    const failure = await runProgram("dev", { minioRootPassword: "abc1234" }).catch((error) => String(error));
    expect(failure).toMatch(/cdc:minioRootPassword is not acceptable.*at least 8 characters/);
    expect(failure).not.toContain("abc1234");
  });
});
