// biome-ignore-all lint/suspicious/noExplicitAny: the inputs of any resource
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { publishedPorts } from "../../../cli/checks/ports";
import { runProgram } from "./program";

const CONTAINER = "docker:index/container:Container";
const POSTGRESQL = {
  postgresql: JSON.stringify({
    address: "db.example:6432",
    fromHere: "localhost:15432",
    database: "shop",
    user: "cdc",
  }),
  postgresPassword: "theirs",
};
const KAFKA = {
  kafka: JSON.stringify({ bootstrapServers: "b1.example:9092,b2.example:9092", replicationFactor: 2 }),
};
const CONNECT = {
  kafkaConnect: JSON.stringify({ url: "http://localhost:18083", inside: "http://connect.example:8083/" }),
};
const OBJECT_STORE = {
  objectStore: JSON.stringify({
    endpoint: "https://s3.example",
    region: "eu-central-1",
    pathStyle: false,
    accessKey: "AKIA",
  }),
  bucket: "lakes",
  lakeSecretKey: "t".repeat(64),
};

const containers = (program: Awaited<ReturnType<typeof runProgram>>) =>
  program
    .ofType(CONTAINER)
    .map(({ inputs }) => inputs.name)
    .sort();

describe("a PostgreSQL that is there already", () => {
  it("takes the place of the stack's own, for the connector, the checks and the outputs", async () => {
    const program = await runProgram("dev", POSTGRESQL);
    expect(containers(program)).not.toContain("postgresql");
    const { inputs } = program.named("debezium-connector");
    expect(inputs.config).toMatchObject({
      "database.hostname": "db.example",
      "database.port": "6432",
      "database.user": "cdc",
      "database.dbname": "shop",
    });
    expect(inputs.database).toMatchObject({ host: "localhost", port: 15432, user: "cdc", database: "shop" });
    expect(inputs.deletedAlong).toEqual(["connect"]);
    expect(await (program.outputs.postgresqlUrl as any).promise()).toBe(
      "postgresql://cdc:theirs@localhost:15432/shop",
    );
  });

  it("gets none of the walkthrough's tables, and SQL of its own by psql", async () => {
    expect((await runProgram("dev", POSTGRESQL)).ofType("command:local:Command")).toEqual([]);
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "cdc-")), "own.sql");
    fs.writeFileSync(file, "SELECT 1;");
    const program = await runProgram("dev", { ...POSTGRESQL, sourceSchema: file });
    const { create, environment, stdin } = program.named("source-tables-schema").inputs;
    expect(create).toMatch(/^docker run --rm -i --network cdc-dev-network .*--env PGHOST .*exec psql/);
    expect(environment).toMatchObject({ PGHOST: "db.example", PGPORT: "6432", PGDATABASE: "shop" });
    expect(stdin).toBe("SELECT 1;");
  });

  it("is reached with TLS, its authority trusted by Kafka Connect, by this machine and by psql", async () => {
    const ca = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "cdc-")), "ca.pem");
    fs.writeFileSync(ca, "PEM");
    const { postgresql } = POSTGRESQL;
    const secure = JSON.stringify({ ...JSON.parse(postgresql), sslmode: "verify-full", ca });
    const program = await runProgram("dev", { ...POSTGRESQL, postgresql: secure });
    const { config, database } = program.named("debezium-connector").inputs;
    expect(config["database.sslmode"]).toBe("verify-full");
    expect(database.tls).toEqual({ sslmode: "verify-full", ca: "PEM" });
    expect(program.named("kafka-connect-container").inputs.uploads).toContainEqual({
      file: config["database.sslrootcert"],
      content: "PEM",
    });
    expect(await (program.outputs.postgresqlUrl as any).promise()).toContain(
      `?sslmode=verify-full&sslrootcert=${encodeURIComponent(ca)}`,
    );
    const [settings, authority] = program.named("proof-container").inputs.uploads;
    expect(authority.content).toBe("PEM");
    const [looked, same] = program.named("console-container").inputs.uploads;
    expect(same.content).toBe("PEM");
    const { services } = JSON.parse(looked.content.value);
    expect(services.find(({ service }: any) => service === "postgresql")).toEqual({
      ...{ service: "postgresql", address: "db.example:6432" },
    });
    expect(JSON.parse(settings.content.value).postgresqlUrl).toBe(
      `postgresql://cdc:theirs@db.example:6432/shop?sslmode=verify-full&sslrootcert=${encodeURIComponent(authority.file)}`,
    );
  });
});

describe("a Kafka that is there already", () => {
  it("takes the place of broker and ZooKeeper, and gets topics that a destroy takes away again", async () => {
    const program = await runProgram("dev", KAFKA);
    expect(containers(program)).not.toContain("kafka");
    expect(containers(program)).not.toContain("zookeeper");
    for (const name of ["topics-of-tables", "worker-topics-of-worker"]) {
      expect(program.named(name).inputs).toMatchObject({
        bootstrapServers: "b1.example:9092,b2.example:9092",
        replicationFactor: 2,
        deletedAlong: false,
      });
    }
    expect(Object.keys(program.named("worker-topics-of-worker").inputs.topics)).toEqual([
      "cdc-dev-connect-configs",
      "cdc-dev-connect-offsets",
      "cdc-dev-connect-statuses",
    ]);
    expect(Object.keys(program.named("topics-of-tables").inputs.topics)).toEqual(
      expect.arrayContaining([
        "dbserver2.schemas",
        "__debezium-heartbeat.dbserver2",
        "dbserver2.public.links",
      ]),
    );
    const [worker] = program.named("kafka-connect-container").inputs.uploads;
    expect(worker.content).toContain("config.storage.topic=cdc-dev-connect-configs");
    expect(worker.content).toContain("status.storage.replication.factor=2");
    const job: string[] = program.named("streaming-job-application").inputs.arguments;
    expect(job[job.indexOf("--bootstrap-servers") + 1]).toBe("b1.example:9092,b2.example:9092");
    const { config, kafkaMetadata } = program.named("debezium-connector").inputs;
    expect(config["value.converter.schemas.topic.bootstrap.servers"]).toBe("b1.example:9092,b2.example:9092");
    expect(kafkaMetadata).toBe("b1.example:9092,b2.example:9092");
  });
});

describe("a Kafka that asks who one is", () => {
  const ca = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "cdc-")), "kafka.pem");
  fs.writeFileSync(ca, "PEM");
  const security = { protocol: "SASL_SSL", mechanism: "SCRAM-SHA-512", user: "cdc", ca };
  const secure = { kafka: JSON.stringify({ ...JSON.parse(KAFKA.kafka), security }), kafkaPassword: "pass" };

  it("is signed in to by whoever uses it: topics, connector, worker, converter, job and proof", async () => {
    const program = await runProgram("dev", secure);
    const signIn = { mechanism: "SCRAM-SHA-512", user: "cdc", password: "pass" };
    const inputs = (name: string) => program.named(name).inputs;
    const known = { protocol: "SASL_SSL", ca: "PEM" };
    const nested = { ...known, signIn: { ...signIn, password: { value: "pass" } } };
    expect(inputs("topics-of-tables").security).toMatchObject(nested);
    expect(inputs("debezium-connector").kafkaSecurity).toMatchObject({ value: { ...known, signIn } });
    const uploads = (name: string): { file: string; content: { value: string } }[] => inputs(name).uploads;
    const [worker] = uploads("kafka-connect-container");
    for (const prefix of ["", "producer.", "consumer.", "admin.", "value.converter.schemas.topic."]) {
      expect(worker?.content.value).toContain(`\n${prefix}security.protocol=SASL_SSL\n`);
    }
    const reference = inputs("debezium-connector").config["value.converter.schemas.topic.sasl.jaas.config"];
    const [, file, name] = /^\$\{file:(.*):(.*)\}$/.exec(reference) ?? [];
    const referred = uploads("kafka-connect-container").find((upload) => upload.file === file);
    expect(referred?.content.value).toContain(
      `${name}=org.apache.kafka.common.security.scram.ScramLoginModule`,
    );
    const job: string[] = inputs("streaming-job-application").arguments;
    const client = uploads("spark-client-container").find(
      (upload) => upload.file === job[job.indexOf("--kafka-client") + 1],
    );
    expect(JSON.parse(client?.content.value ?? "")).toMatchObject({ "ssl.truststore.certificates": "PEM" });
    expect(JSON.parse(uploads("proof-container")[0]?.content.value ?? "").kafkaSecurity.signIn).toEqual(
      signIn,
    );
  });

  it("has its password nowhere in clear", async () => {
    const program = await runProgram("dev", { ...secure, kafkaPassword: "only-in-secrets" });
    const clear = JSON.stringify(program.resources, (_key, value) =>
      value?.["4dabf18193072939515e22adb298388d"] ? "secret" : value,
    );
    expect(clear).not.toContain("only-in-secrets");
  });

  it("is not signed in to without its password, which is said", async () => {
    await expect(runProgram("dev", { kafka: secure.kafka })).rejects.toThrow(
      /no cdc:kafkaPassword.*set-secret -- kafkaPassword .*--stdin.*of the user that cdc:kafka names/,
    );
  });
});

describe("a Kafka Connect that is there already", () => {
  it("gets the connector, and no supervisor of ours", async () => {
    const overrides = { "database.password": "$" + "{vault:cdc:password}" };
    const program = await runProgram("dev", { ...CONNECT, connectorOverrides: JSON.stringify(overrides) });
    expect(containers(program)).not.toContain("kafka-connect");
    expect(containers(program)).not.toContain("supervisor");
    expect(program.named("debezium-connector").inputs).toMatchObject({
      connectUrl: "http://localhost:18083",
      deletedAlong: ["database"],
    });
  });

  it("is told no password by a file that only the stack's own worker has", async () => {
    await expect(runProgram("dev", CONNECT)).rejects.toThrow(
      /database\.password.*\/kafka\/secrets\/.*cdc:connectorOverrides/,
    );
  });
});

describe("an object store that is there already", () => {
  it("takes the place of MinIO: one folder of one bucket is the lake's", async () => {
    const program = await runProgram("blue", { ...OBJECT_STORE, postgresPassword: "own-password" });
    expect(containers(program)).not.toContain("blue-minio");
    expect(program.named("lake-folder").inputs).toMatchObject({
      url: "https://s3.example",
      bucket: "lakes",
      folder: "cdc-blue",
      accessKey: "AKIA",
      owner: "blue",
    });
    expect(program.outputs).toMatchObject({
      lakeRoot: "s3a://lakes/cdc-blue",
      minioUrl: "https://s3.example",
      objectStore: { region: "eu-central-1", pathStyle: false },
    });
    expect(program.outputs).not.toHaveProperty("minioRootPassword");
    const [{ content }] = program.named("spark-client-container").inputs.uploads;
    expect(content.value).toContain("spark.hadoop.fs.s3a.connection.ssl.enabled=true");
    expect(content.value).toContain("spark.hadoop.fs.s3a.path.style.access=false");
    const job: string[] = program.named("streaming-job-application").inputs.arguments;
    expect(job[job.indexOf("--lake") + 1]).toBe("s3a://lakes/cdc-blue");
  });
});

describe("all of them", () => {
  it("leave a stack of Spark, the proof and the console alone, which publishes nothing else", async () => {
    const program = await runProgram("dev", {
      ...{ ...POSTGRESQL, ...KAFKA, ...CONNECT, ...OBJECT_STORE },
      connectorOverrides: JSON.stringify({ "database.password": "$" + "{env:PASSWORD}" }),
    });
    expect(containers(program)).toEqual(["console", "proof", "spark-client", "spark-master", "spark-worker"]);
    const published = program
      .ofType(CONTAINER)
      .flatMap(({ inputs }) => (inputs.ports ?? []).map(({ external }: any) => external));
    const looked = publishedPorts({
      ...{ portOffset: 0, kafkaMetadata: "zookeeper", sparkWorkers: 1 },
      pipelines: [],
      elsewhere: ["postgresql", "kafka", "kafkaConnect", "objectStore"],
    });
    expect([...looked.keys()].sort()).toEqual(published.sort());
  });

  it("need the passwords that they give, which are not made up", async () => {
    await expect(runProgram("blue", { postgresql: POSTGRESQL.postgresql })).rejects.toThrow(
      /has no cdc:postgresPassword\. Set `npm run set-secret -- postgresPassword --stack blue --stdin`/,
    );
  });
});

describe.each([
  ["postgresql", { address: "db.example", database: "d", user: "u" }, /host:port/],
  ["postgresql", { address: "db:1", database: "d", user: "u", sslmode: "verify-full" }, /with `ca`/],
  ["postgresql", { address: "db:1", database: "d", user: "u", password: "p" }, /password/],
  ["kafka", { bootstrapServers: "b1:9092,b2" }, /host:port/],
  ["kafka", { bootstrapServers: "b1:9092", security: { protocol: "SASL_SSL" } }, /with `user`/],
  ["kafka", { bootstrapServers: "b1:9092", security: { protocol: "SASL_SSL", user: "u" } }, /a `mechanism`/],
  [
    "kafka",
    {
      bootstrapServers: "b1:9092",
      security: { protocol: "SASL_PLAINTEXT", user: "u", mechanism: "PLAIN", ca: "c" },
    },
    /without `ca`/,
  ],
  ["kafkaConnect", { url: "connect:8083" }, /URL/],
  ["objectStore", { endpoint: "http://s3:9000", accessKey: "a", folder: "/x" }, /a folder such as/],
])("cdc:%s", (key, value, message) => {
  it(`${JSON.stringify(value)} is refused`, async () => {
    await expect(runProgram("dev", { [key]: JSON.stringify(value) })).rejects.toThrow(message);
  });
});
