/** The walkthrough, as the README has it and with the seed's samples, for a stack of either kind of Kafka. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import axios from "axios";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COLUMNS, customersCsv } from "./customers";
import {
  type CommandResult,
  type ConsumedRecord,
  eventually,
  NO_CHANGES,
  recordsOf,
  type TestStack,
} from "./platform";
import { forStack, walkthroughSteps } from "./readme";

export const CONNECTOR = "debezium-postgres-connector";
/** Exactly the twenty columns of the seed's step 7. */
export const LAKE_COLUMNS = [
  ...COLUMNS.map((column) => `payload.before.${column}`),
  ...COLUMNS.map((column) => `payload.after.${column}`),
  "payload.ts_ms",
  "payload.op",
];
/** What the README's commands load. */
const LINKS = 1000;
/** Lines of the customers.csv that the test puts there; the README's command loads ten a second. */
const CUSTOMERS = 100;

/** The seed's own command line of step 7. */
const SPARK_SUBMIT_OF_THE_SEED =
  "spark-submit --master local --packages org.apache.spark:spark-sql-kafka-0-10_2.12:3.4.1,io.delta:delta-core_2.12:2.4.0 opt/examples/streaming/streaming_from_kafka_to_minio.py";

/** Registers the tests; the stack has to be up, with empty tables. */
export function walkthrough(stack: TestStack, services: string[]): void {
  describe("the walkthrough", () => {
    const steps = walkthroughSteps();
    const connectUrl = `http://localhost:${stack.port(8083)}/connectors/${CONNECTOR}`;
    let folder: string;
    /** What the consumer of step 2 has printed; it listens until the end. */
    let heard = "";
    let consumer: execa.ExecaChildProcess | undefined;

    beforeAll(() => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), "walkthrough-"));
      fs.writeFileSync(path.join(folder, "customers.csv"), customersCsv(CUSTOMERS));
    });

    afterAll(async () => {
      await execa("docker", ["exec", stack.container("kafka"), "pkill", "-f", "ConsoleConsumer"], {
        reject: false,
      });
      await consumer?.catch(() => undefined);
      fs.rmSync(folder, { recursive: true, force: true });
    });

    /** The README's block, as it is for this stack. */
    function block(step: number, language: string, index = 0): string {
      const found = steps.get(step)?.filter((candidate) => candidate.language === language)[index];
      if (!found)
        throw new Error(`step ${step} of the README's walkthrough has no ${language} block ${index + 1}`);
      return forStack(found.text, stack).replace("-i customers.csv", `-i ${folder}/customers.csv`);
    }

    async function run(command: string, input = ""): Promise<CommandResult> {
      const { exitCode, all } = await execa("bash", ["-c", command], { all: true, reject: false, input });
      return { exitCode, text: all ?? "" };
    }

    function payloads(records: ConsumedRecord[], op: string) {
      return records.filter(({ value }) => value?.payload.op === op);
    }

    const rowsOf = async (table: string) => (await stack.lake(`public/${table}`)).rows;

    describe("of the README", () => {
      it("has the seven steps that are tested here", () => {
        const languages = [...steps].map(([number, blocks]) => [
          number,
          blocks.map(({ language }) => language),
        ]);
        expect(languages).toEqual([
          [1, ["bash"]],
          [2, ["bash"]],
          [3, ["bash", "bash"]],
          [4, ["bash", "sql"]],
          [5, ["bash", "python"]],
          [6, ["bash", "bash"]],
          [7, ["bash"]],
        ]);
      });

      it("1. posts the connector, which exists; sees it run, and its topics", async () => {
        const [post = "", status = "", topics = "", ...more] = block(1, "bash").split("\n");
        expect(more).toEqual([]);
        const { text } = await run(post);
        expect(text).toMatch(/^HTTP\/1.1 409 Conflict/m);
        expect(text).toContain(`Connector ${CONNECTOR} already exists`);
        expect(JSON.parse((await run(`${status} 2>/dev/null`)).text)).toMatchObject({
          connector: { state: "RUNNING" },
          tasks: [{ state: "RUNNING" }],
        });
        expect((await run(topics)).text.split("\n")).toEqual(
          expect.arrayContaining(["dbserver2.public.links", "dbserver2.public.customers1"]),
        );
      });

      it("1. posts the connector when it is not there, and the platform takes it for its own", async () => {
        await axios.delete(connectUrl);
        const post = block(1, "bash").split("\n")[0] ?? "";
        expect((await run(post)).text).toMatch(/^HTTP\/1.1 201 Created/m);
        await eventually(
          "the connector runs",
          180,
          async () => (await axios.get(`${connectUrl}/status`)).data,
          ({ tasks }) => tasks[0]?.state === "RUNNING",
        );
        const up = await stack.npmRun("up");
        expect(up.text).toMatch(NO_CHANGES);
      });

      it("2. listens to the events of a table", async () => {
        consumer = execa("bash", ["-c", block(2, "bash")], {
          stdio: ["ignore", "pipe", "ignore"],
          buffer: false,
          reject: false,
        });
        consumer.stdout?.on("data", (chunk) => {
          heard += chunk;
        });
        // It is in its group only when it listens.
        await eventually(
          "the consumer listens",
          180,
          () =>
            stack.exec("kafka", [
              "/kafka/bin/kafka-consumer-groups.sh",
              "--bootstrap-server",
              "kafka:9092",
              "--list",
            ]),
          (groups) => groups.includes("console-consumer-"),
        );
      });

      it("3. loads made-up customers and those of a CSV file, and they reach the lake", async () => {
        for (const command of [block(3, "bash", 0), block(3, "bash", 1)]) {
          const { exitCode, text } = await run(command);
          expect(exitCode, text).toBe(0);
        }
        for (const [table, count] of [["links", LINKS] as const, ["customers1", CUSTOMERS] as const]) {
          const rows = await eventually(
            `${count} rows of ${table} in the lake`,
            180,
            () => rowsOf(table),
            (found) => found.length >= count,
          );
          expect(rows).toHaveLength(count);
          expect(new Set(rows.map((row) => row["payload.op"]))).toEqual(new Set(["c"]));
          const source = (await stack.sql(`select * from ${table} order by 1`)).split("\n");
          const lake = rows.map((row) => COLUMNS.map((column) => row[`payload.after.${column}`]).join("|"));
          expect(lake.sort(byNumber)).toEqual(source.sort(byNumber));
        }
      });

      it("4. deletes and updates rows, and the consumer prints the seed's samples", async () => {
        const { exitCode, text } = await run(block(4, "bash"), block(4, "sql"));
        expect(exitCode, text).toBe(0);
        expect(text).toBe("ALTER TABLE\nDELETE 1\nUPDATE 1\nDELETE 1\nUPDATE 1");

        const links = await eventually(
          "delete and update of links",
          180,
          async () => recordsOf(heard),
          (records) => payloads(records, "d").length > 0 && payloads(records, "u").length > 0,
        );
        expect(links.filter(({ value }) => value).length).toBe(LINKS + 2);
        expectSamples("links", links, { deleted: 10, updated: 17, name: "HUSEYIN" });
        expectSamples("customers1", await stack.consume("dbserver2.public.customers1"), {
          deleted: 55,
          updated: 21,
          name: "SAPAYDIN",
        });
      });

      function expectSamples(
        table: string,
        records: ConsumedRecord[],
        change: { deleted: number; updated: number; name: string },
      ): void {
        for (const op of ["d", "u"]) {
          const [record, ...more] = payloads(records, op);
          expect(more).toEqual([]);
          expect(record?.key.payload).toEqual({ customerId: op === "d" ? change.deleted : change.updated });
          expect(record?.value.schema.type).toBe("struct");
          const { before, after, source, ts_ms, transaction } = record?.value.payload ?? {};
          expect(Object.keys(before)).toEqual(COLUMNS);
          expect(source).toMatchObject({
            ...{ connector: "postgresql", name: "dbserver2", snapshot: "false" },
            ...{ db: "postgres", schema: "public", table },
          });
          for (const key of ["version", "ts_ms", "sequence", "txId", "lsn", "xmin"])
            expect(source).toHaveProperty(key);
          expect(ts_ms).toBeGreaterThan(source.ts_ms - 1);
          expect(transaction).toBeNull();
          if (op === "d") {
            expect(before.customerId).toBe(change.deleted);
            expect(after).toBeNull();
          } else {
            expect(before.customerFName).not.toBe(change.name);
            expect(after).toEqual({ ...before, customerFName: change.name });
            expect(after.customerId).toBe(change.updated);
          }
        }
        // After a delete: the key alone, so that a compacted topic can forget the row.
        const tombstones = records.filter(({ value }) => value === null);
        expect(tombstones.map(({ key }) => key.payload)).toEqual([{ customerId: change.deleted }]);
      }

      it.each([
        ["links", LINKS, 10, 17, "HUSEYIN"],
        ["customers1", CUSTOMERS, 55, 21, "SAPAYDIN"],
      ])(
        "4. has the delete and the update of %s in the lake, in twenty nullable strings",
        async (...expected) => {
          const [table, count, deleted, updated, name] = expected;
          const lake = await eventually(
            `delete and update of ${table} in the lake`,
            180,
            () => stack.lake(`public/${table}`),
            ({ rows }) => rows.length >= count + 2,
          );
          expect(lake.rows).toHaveLength(count + 2);
          expect(lake.schema).toEqual(
            LAKE_COLUMNS.map((column) => ({ name: column, type: "string", nullable: true })),
          );
          const [deletion, ...moreDeletions] = lake.rows.filter((row) => row["payload.op"] === "d");
          const [update, ...moreUpdates] = lake.rows.filter((row) => row["payload.op"] === "u");
          expect([...moreDeletions, ...moreUpdates]).toEqual([]);
          expect(deletion).toMatchObject({ "payload.before.customerId": String(deleted) });
          for (const column of COLUMNS) expect(deletion?.[`payload.after.${column}`]).toBeNull();
          expect(update).toMatchObject({
            "payload.after.customerFName": name,
            "payload.after.customerId": String(updated),
          });
          expect(update?.["payload.before.customerFName"]).not.toBe(name);
        },
      );

      it("5. shows the bucket in MinIO's console", async () => {
        const { minioConsoleUrl, minioRootUser, minioRootPassword, bucket } = await stack.outputs();
        const page = await axios.get(String(minioConsoleUrl));
        expect(page.headers["content-type"]).toContain("text/html");
        const login = await axios.post(`${minioConsoleUrl}/api/v1/login`, {
          accessKey: minioRootUser,
          secretKey: minioRootPassword,
        });
        const headers = { Cookie: String(login.headers["set-cookie"]).split(";")[0] };
        const console = async (question: string) =>
          (await axios.get(`${minioConsoleUrl}/api/v1/${question}`, { headers })).data;
        const { buckets } = await console("buckets");
        expect(buckets.map((found: { name: string }) => found.name)).toEqual([bucket]);
        const { objects } = await console(
          `buckets/${bucket}/objects?prefix=${encodeURIComponent("public/")}`,
        );
        expect(objects.map((found: { name: string }) => found.name).sort()).toEqual([
          "public/customers1/",
          "public/links/",
        ]);
      });

      it("5. reads the lake with Spark: the seed's schema, and the changes", async () => {
        // Without a terminal Python has to be told that it is interactive, else pyspark makes no session.
        const pyspark = block(5, "bash").replace(
          "docker exec",
          "docker exec --env PYSPARK_DRIVER_PYTHON_OPTS=-i",
        );
        const { exitCode, text } = await run(pyspark, `${block(5, "python")}\n`);
        expect(exitCode, text).toBe(0);
        const tree = LAKE_COLUMNS.map((column) => ` |-- ${column}: string (nullable = true)`);
        expect(text).toContain(["root", ...tree].join("\n"));
        expect(text).toMatch(/payload\.before\.customerId +\| 55 /);
        expect(text).toMatch(/payload\.after\.customerFName +\| SAPAYDIN /);
      });

      it("6. runs the job by hand, and brings the supervised one back", async () => {
        const [stop = "", submit = "", ...more] = block(6, "bash", 0).split("\n");
        expect(more).toEqual([]);
        expect((await run(stop)).exitCode).toBe(0);
        const before = (await rowsOf("customers1")).length;
        const byHand = run(submit);
        await stack.sql(`UPDATE customers1 SET "customerCity" = 'Van' WHERE "customerId" = 5`);
        const rows = await eventually(
          "the change in the lake",
          180,
          () => rowsOf("customers1"),
          (found) => found.length > before,
        );
        expect(rows).toHaveLength(before + 1);
        // Ctrl-C.
        await stack.exec("spark-client", ["pkill", "-INT", "-f", "SparkSubmit.*--master local"]);
        const { exitCode, text: log } = await byHand;
        expect(exitCode, log).toBe(0);

        const [refresh = "", up = ""] = block(6, "bash", 1).split("\n");
        for (const command of [refresh, up]) {
          const { exitCode: failed, text } = await run(command);
          expect(failed, text).toBe(0);
        }
        expect((await stack.outputs()).streamingJobState).toBe("RUNNING");
      });

      it("7. finds every row of both tables in the lake", async () => {
        const { exitCode, text } = await run(block(7, "bash"));
        expect(exitCode, text).toBe(0);
        expect(text).toMatch(/public\.links.*equal/);
        expect(text).toMatch(/public\.customers1.*equal/);
      });
    });

    describe("of the tutorial, pasted as it is,", () => {
      it("finds a shell in each container, with a terminal", async () => {
        for (const service of services) {
          const command = [
            "exec",
            "-t",
            stack.container(service),
            "bash",
            "-c",
            "test -t 1 && echo a terminal",
          ];
          expect((await execa("docker", command)).stdout, service).toContain("a terminal");
        }
      });

      it("finds Kafka's tools in /kafka/bin", async () => {
        for (const tool of [
          ...["kafka-topics", "kafka-console-consumer", "kafka-console-producer", "kafka-consumer-groups"],
          ...["kafka-configs", "kafka-get-offsets", "connect-distributed", "kafka-server-start"],
        ]) {
          await stack.exec("kafka", ["test", "-x", `/kafka/bin/${tool}.sh`]);
          await stack.exec("kafka-connect", ["test", "-x", `/kafka/bin/${tool}.sh`]);
        }
      });

      it("works with the seed's --packages too, which are left out, and says so", async () => {
        const { text } = await run(
          `docker exec -i ${stack.container("spark-client")} bash`,
          SPARK_SUBMIT_OF_THE_SEED,
        );
        expect(text).toContain(
          "has its own build of, and so leaves out: org.apache.spark:spark-sql-kafka-0-10_2.12:3.4.1",
        );
        // The job itself is reached: the supervised one is writing.
        expect(text).toMatch(/is already written to by application 'streaming_from_kafka_to_minio'/);
      });
    });
  });
}

/** By the number that a row begins with. */
function byNumber(one: string, other: string): number {
  return Number.parseInt(one, 10) - Number.parseInt(other, 10);
}
