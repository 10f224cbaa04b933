/** The walkthrough without ZooKeeper, and the change from one kind of Kafka to the other under a stack with data. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COLUMNS } from "./customers";
import { eventually, NO_CHANGES, TestStack, WITH_BUILDS_MS } from "./platform";
import { walkthrough } from "./walkthrough";

const SERVICES = [
  "kafka",
  "kafka-connect",
  "minio",
  "postgresql",
  "spark-client",
  "spark-master",
  "spark-worker",
  "supervisor",
];
const TABLES = ["links", "customers1"];
const stack = new TestStack("e2e-kraft");

beforeAll(async () => {
  stack.configure({ kafkaMetadata: "kraft" });
  await stack.npmRun("destroy");
});

afterAll(async () => {
  await stack.npmRun("destroy");
});

async function services(): Promise<string[]> {
  const names = await stack.docker("ps", "--filter", "health=healthy", "--format", "{{.Names}}");
  return names.map((name) => name.replace(`${stack.name}-`, "")).sort();
}

const rowsOf = async (table: string) => (await stack.lake(`public/${table}`)).rows;

// What does not touch Kafka's metadata (ports, previews, secrets, drift, crashes) is tested with ZooKeeper only.
describe("from nothing", () => {
  it("stands up everything but ZooKeeper, with Kafka 4", { timeout: WITH_BUILDS_MS }, async () => {
    const { exitCode, text } = await stack.npmRun("up");
    expect(exitCode, text).toBe(0);
    expect(text).not.toMatch(/zookeeper|warning/i);
    expect(await services()).toEqual(SERVICES);
    for (const service of ["kafka", "kafka-connect"]) {
      const version = ["/kafka/bin/kafka-topics.sh", "--version"];
      expect(await stack.exec(service, version), service).toMatch(/^4\./);
    }
    expect(Object.keys(await stack.outputs())).not.toContain("zookeeperAddress");
  });

  it("changes nothing in a second up", async () => {
    expect((await stack.npmRun("up")).text).toMatch(NO_CHANGES);
  });
});

walkthrough(stack, SERVICES);

describe("switching Kafka's metadata", () => {
  const WARNING = (from: string, to: string) => new RegExp(`warning: .*moves from ${from} to ${to}`, "g");

  it.each([
    ["kraft", "zookeeper", [...SERVICES, "zookeeper"]],
    ["zookeeper", "kraft", SERVICES],
  ])(
    "from %s to %s is previewed as the replacement that it is, with a warning",
    {
      timeout: WITH_BUILDS_MS,
    },
    async (from, to, wanted) => {
      stack.configure({ kafkaMetadata: to });
      const before = await services();
      const preview = await stack.npmRun("preview");
      expect(preview.exitCode, preview.text).toBe(0);
      for (const resource of [
        "kafka-data",
        "kafka-container",
        "kafka-connect-container",
        "debezium-connector",
      ]) {
        expect(preview.text).toMatch(new RegExp(`^\\+- \\S+ ${resource} +replace`, "m"));
      }
      expect(preview.text.match(WARNING(from, to))).toHaveLength(1);
      expect(await services()).toEqual(before);

      const inLake = new Map<string, number>();
      for (const table of TABLES) inLake.set(table, (await rowsOf(table)).length);
      const up = await stack.npmRun("up");
      expect(up.exitCode, up.text).toBe(0);
      expect(await services()).toEqual(wanted);
      const volumes = await stack.docker("volume", "ls", "-q");
      expect(volumes.filter((name) => /kafka|zookeeper/.test(name))).toHaveLength(
        wanted.length - SERVICES.length + 1,
      );

      for (const table of TABLES) {
        const source = (await stack.sql(`select * from ${table}`)).split("\n");
        const old = inLake.get(table) ?? 0;
        const rows = await eventually(
          `the snapshot of ${table} in the lake`,
          180,
          () => rowsOf(table),
          (found) => found.length >= old + source.length,
        );
        expect(rows).toHaveLength(old + source.length);
        const snapshots = rows.filter((row) => row["payload.op"] === "r");
        const newest = snapshots
          .sort((one, other) => Number(one["payload.ts_ms"]) - Number(other["payload.ts_ms"]))
          .slice(-source.length);
        const texts = newest.map((row) => COLUMNS.map((column) => row[`payload.after.${column}`]).join("|"));
        expect(texts.sort()).toEqual(source.sort());

        await stack.sql(`UPDATE ${table} SET "customerCity" = 'After ${to}' WHERE "customerId" = 30`);
        const after = await eventually(
          `a change of ${table} in the lake`,
          180,
          () => rowsOf(table),
          (found) => found.length > rows.length,
        );
        expect(after).toHaveLength(rows.length + 1);
      }
      const verify = await stack.npmRun("verify");
      expect(verify.exitCode, verify.text).toBe(0);
      const again = await stack.npmRun("up");
      expect(again.text).toMatch(NO_CHANGES);
      expect(again.text).not.toMatch(/warning/i);
    },
  );
});

describe("destroy", () => {
  it("leaves nothing: no container, volume or network", async () => {
    const { exitCode, text } = await stack.npmRun("destroy");
    expect(exitCode, text).toBe(0);
    for (const listing of [
      ["ps", "-a", "-q"],
      ["volume", "ls", "-q"],
      ["network", "ls", "-q"],
    ]) {
      expect(await stack.docker(...listing)).toEqual([]);
    }
  });
});
