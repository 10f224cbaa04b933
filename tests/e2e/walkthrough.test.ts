import * as http from "node:http";
import axios from "axios";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, NO_CHANGES, TestStack, WITH_BUILDS_MS } from "./platform";
import { CONNECTOR, walkthrough } from "./walkthrough";

const SERVICES = [
  "kafka",
  "kafka-connect",
  "minio",
  "postgresql",
  "spark-client",
  "spark-master",
  "spark-worker",
  "supervisor",
  "zookeeper",
];
const stack = new TestStack("e2e");

const containerIds = () => stack.docker("ps", "-a", "--no-trunc", "--format", "{{.Names}} {{.ID}}");
const connect = (path: string) => `http://localhost:${stack.port(8083)}/connectors/${CONNECTOR}${path}`;

beforeAll(async () => {
  stack.configure();
  await stack.npmRun("destroy");
});

afterAll(async () => {
  await stack.npmRun("destroy");
});

describe("from nothing", () => {
  it("stops before anything is made when a port is taken, and names port, service and fix", async () => {
    const server = http.createServer().listen(stack.port(5432), "127.0.0.1");
    const { exitCode, text } = await stack.npmRun("up");
    await new Promise((resolve) => server.close(resolve));
    expect(exitCode).toBe(1);
    expect(text).toMatch(/25432 \(postgresql\) is used by another program/);
    expect(text).toMatch(/cdc:portOffset/);
    expect(await containerIds()).toEqual([]);
  });

  it("previews everything and touches nothing", async () => {
    const { exitCode, text } = await stack.npmRun("preview");
    expect(text).toMatch(/to create/);
    expect(exitCode).toBe(0);
    expect(await containerIds()).toEqual([]);
  });

  it("stands up the eight services and their supervisor, usable, with one command that ends in a table of endpoints", {
    timeout: WITH_BUILDS_MS,
  }, async () => {
    const { exitCode, text } = await stack.npmRun("up");
    expect(text).toMatch(/MinIO console.*http:\/\/localhost:29001/);
    expect(exitCode, text).toBe(0);
    const states = await stack.docker("ps", "--format", "{{.Names}} {{.Status}}");
    expect(states.map((state) => state.replace(/^e2e-(\S+) .*\((\w+)\)$/, "$1 $2")).sort()).toEqual(
      SERVICES.map((service) => `${service} healthy`),
    );
  });

  it("loads nothing by itself", async () => {
    expect(await stack.sql("select (select count(*) from links) + (select count(*) from customers1)")).toBe(
      "0",
    );
  });

  it("publishes every port on loopback only", async () => {
    const ports = await stack.docker("ps", "--format", "{{.Ports}}");
    const published = ports.flatMap((line) => line.match(/\S+(?=->)/g) ?? []);
    expect(published.length).toBeGreaterThan(8);
    expect(published.filter((address) => !address.startsWith("127.0.0.1:"))).toEqual([]);
  });

  it("changes nothing in a second up", async () => {
    const before = await containerIds();
    const { exitCode, text } = await stack.npmRun("up");
    expect(exitCode, text).toBe(0);
    expect(text).toMatch(NO_CHANGES);
    expect(await containerIds()).toEqual(before);
  });
});

walkthrough(stack, SERVICES);

const PASSWORD = "a-very-secret-password";

describe("secrets", () => {
  it("are in none of Connect's answers, its config topic, a preview or the state", async () => {
    stack.configure({ postgresPassword: PASSWORD });
    const { exitCode, text } = await stack.npmRun("up");
    expect(exitCode, text).toBe(0);
    const configTopic = await stack.exec("kafka", [
      ...["/kafka/bin/kafka-console-consumer.sh", "--bootstrap-server", "kafka:9092", "--from-beginning"],
      ...["--timeout-ms", "8000", "--topic", "connect_configs"],
    ]);
    expect(configTopic).toContain("database.hostname");
    const places = {
      output: text,
      preview: (await stack.npmRun("preview")).text,
      rest: JSON.stringify((await axios.get(connect(""))).data),
      configTopic,
      state: (
        await execa("sh", [
          "-c",
          "cat .state/embedded/e2e.json* 2>/dev/null || pulumi stack export --stack e2e",
        ])
      ).stdout,
    };
    for (const [place, content] of Object.entries(places)) expect(content, place).not.toContain(PASSWORD);
    expect((await stack.outputs()).postgresqlPassword).toBe(PASSWORD);
  });

  it("go on capturing after the password changed", async () => {
    const before = (await stack.lake("public/links")).rows.length;
    await stack.sql(`UPDATE links SET "customerCity" = 'Izmir' WHERE "customerId" = 1`);
    await eventually(
      "the change in the lake",
      180,
      () => stack.lake("public/links"),
      ({ rows }) => rows.length === before + 1,
    );
  });
});

describe("the list of captured tables", () => {
  function capture(tables?: string): void {
    const overrides = tables ? { connectorOverrides: { "table.include.list": tables } } : {};
    stack.configure({ postgresPassword: PASSWORD, ...overrides });
  }

  it("stops an up, before anything is made for it, when a table on it does not exist", async () => {
    capture("public.links,public.nope");
    const { exitCode, text } = await stack.npmRun("up");
    expect(exitCode).toBe(1);
    expect(text).toMatch(/table public\.nope of "table\.include\.list" does not exist in database postgres/);
    const topics = await stack.exec("kafka", [
      "/kafka/bin/kafka-topics.sh",
      "--bootstrap-server",
      "kafka:9092",
      "--list",
    ]);
    expect(topics).not.toContain("nope");
  });

  it("can lose a table and get it back, and the lake is as the source again, what was committed meanwhile included", async () => {
    capture("public.links");
    const without = await stack.npmRun("up");
    expect(without.exitCode, without.text).toBe(0);
    await stack.sql(`UPDATE customers1 SET "customerCity" = 'Mersin' WHERE "customerId" = 6`);
    capture();
    const again = await stack.npmRun("up");
    expect(again.exitCode, again.text).toBe(0);
    await stack.sql(`UPDATE customers1 SET "customerCity" = 'Adana' WHERE "customerId" = 4`);
    const verify = await stack.npmRun("verify");
    expect(verify.exitCode, verify.text).toBe(0);
  });
});

describe("drift", () => {
  async function repaired(): Promise<void> {
    const refresh = await stack.npmRun("refresh");
    expect(refresh.exitCode, refresh.text).toBe(0);
    const up = await stack.npmRun("up");
    expect(up.exitCode, up.text).toBe(0);
    expect(up.text).not.toMatch(NO_CHANGES);
    const again = await stack.npmRun("up");
    expect(again.text).toMatch(NO_CHANGES);
  }

  it("in the connector's configuration is put back", async () => {
    const config = (await axios.get(connect("/config"))).data;
    await axios.put(connect("/config"), { ...config, "poll.interval.ms": "5000" });
    await repaired();
    expect((await axios.get(connect("/config"))).data).toEqual(config);
  });

  it("of a connector deleted behind our back is repaired", async () => {
    await axios.delete(connect(""));
    await repaired();
    expect((await axios.get(connect("/status"))).data.tasks[0].state).toBe("RUNNING");
  });

  it("of a stopped streaming job is repaired, and no row is lost or doubled", async () => {
    await stack.exec("spark-client", ["sh", "-c", "s6-svc -wD -d /srv/applications/*"]);
    const before = (await stack.lake("public/customers1")).rows.length;
    await stack.sql(`UPDATE customers1 SET "customerCity" = 'Ankara' WHERE "customerId" = 2`);
    await repaired();
    await eventually(
      "the row in the lake",
      180,
      () => stack.lake("public/customers1"),
      ({ rows }) => rows.length > before,
    );
    expect((await stack.lake("public/customers1")).rows).toHaveLength(before + 1);
  });
});

describe("a crash", () => {
  it("of the driver is survived: it comes back by itself and goes on where it stopped", async () => {
    const before = (await stack.lake("public/customers1")).rows.length;
    await stack.exec("spark-client", ["sh", "-c", "pkill -9 java"]);
    await stack.sql(`UPDATE customers1 SET "customerCity" = 'Bursa' WHERE "customerId" = 3`);
    await eventually(
      "the row in the lake",
      180,
      () => stack.lake("public/customers1"),
      ({ rows }) => rows.length > before,
    );
    expect((await stack.lake("public/customers1")).rows).toHaveLength(before + 1);
  });

  it("of the broker is survived: the next one waits for the end of its session, and does not crash in a loop", async () => {
    const kafka = stack.container("kafka");
    const inspect = async (format: string) =>
      (await execa("docker", ["inspect", "--format", format, kafka])).stdout;
    await execa("docker", ["kill", kafka]);
    await execa("docker", ["start", kafka]);
    await eventually(
      "the broker is usable",
      60,
      () => inspect("{{.State.Health.Status}}"),
      (health) => health === "healthy",
    );
    expect(await inspect("{{.RestartCount}}")).toBe("0");
    const { all } = await execa("docker", ["logs", "--tail", "2000", kafka], { all: true });
    expect(all).toContain("broker 1 is still registered in ZooKeeper");

    const before = (await stack.lake("public/customers1")).rows.length;
    await stack.sql(`UPDATE customers1 SET "customerCity" = 'Izmir' WHERE "customerId" = 3`);
    await eventually(
      "the row in the lake",
      180,
      () => stack.lake("public/customers1"),
      ({ rows }) => rows.length > before,
    );
    expect((await stack.lake("public/customers1")).rows).toHaveLength(before + 1);
  });
});

describe("destroy", () => {
  it("leaves nothing: no container, volume or network", async () => {
    const { exitCode, text } = await stack.npmRun("destroy");
    expect(exitCode, text).toBe(0);
    expect(await containerIds()).toEqual([]);
    expect(await stack.docker("volume", "ls", "-q")).toEqual([]);
    expect(await stack.docker("network", "ls", "-q")).toEqual([]);
  });
});
