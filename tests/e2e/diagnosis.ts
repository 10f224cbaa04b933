/** `npm run status` and `npm run doctor` on a running stack: well, and with faults planted one after another. */
import axios from "axios";
import execa from "execa";
import { Client as ObjectStore } from "minio";
import { describe, expect, it } from "vitest";
import { eventually, type TestStack } from "./platform";

interface Diagnosis {
  readonly findings: readonly { hop: string; verdict: string; text: string }[];
  readonly diagnosis: { hop: string; text: string; fix: string } | null;
}

/** @param stack stands, with the walkthrough's tables captured */
export function describeDiagnosis(stack: TestStack, connectorUrl: () => string): void {
  async function doctor(): Promise<Diagnosis> {
    const { stdout } = await execa(
      "node",
      ["cli/launch.mjs", "doctor", "--stack", stack.name, "--json", "--timeout", "60"],
      { reject: false },
    );
    return JSON.parse(stdout);
  }

  const firstLine = async () => (await stack.npmRun("status")).text.split("\n")[0];
  const untilWell = () =>
    eventually("all is well again", 180, firstLine, (line) => line?.startsWith("All is well") ?? false);

  async function sick(hop: string, status: RegExp, fix: RegExp): Promise<void> {
    const seen = await stack.npmRun("status");
    expect(seen.exitCode, seen.text).toBe(1);
    expect(seen.text).toMatch(/^NOT WELL/);
    expect(seen.text).toMatch(status);
    const { diagnosis, findings } = await doctor();
    expect(diagnosis?.hop, JSON.stringify(findings)).toBe(hop);
    expect(diagnosis?.fix).toMatch(fix);
  }

  describe("status and doctor", () => {
    it("say that all is well, and follow a marker through every hop", async () => {
      await stack.sql(`insert into links ("customerId") values (880001)`);
      await untilWell();
      const { exitCode, text } = await stack.npmRun("doctor");
      expect(exitCode, text).toBe(0);
      expect(text.match(/^✔/gm)).toHaveLength(7);
      expect(text).toMatch(/goes all the way/);
    });

    it("name a server that is down, and the command that starts it", async () => {
      const container = stack.container("kafka-connect");
      await execa("docker", ["stop", container]);
      await sick("Debezium connector", /kafka-connect is exited/, new RegExp(`docker restart ${container}`));
      await execa("docker", ["restart", container]);
      await untilWell();
    });

    it("name a connector that was paused by hand", async () => {
      await axios.put(`${connectorUrl()}/pause`, {});
      await eventually(
        "it is paused",
        30,
        async () => (await axios.get(`${connectorUrl()}/status`)).data.connector.state,
        (state) => state === "PAUSED",
      );
      await sick("Debezium connector", /the connector is PAUSED, and was RUNNING/, /npm run up/);
      await axios.put(`${connectorUrl()}/resume`, {});
      await untilWell();
    });

    it("name a streaming job that was stopped by hand", async () => {
      const job = "streaming_from_kafka_to_minio";
      await stack.exec("spark-client", ["application", "stop", job]);
      await sick("Streaming job", /the streaming job is STOPPED/, /application start/);
      await stack.exec("spark-client", ["application", "start", job]);
      await untilWell();
    });

    it("doctor names a data file that is gone, and its command brings the table back", async () => {
      const outputs = await stack.outputs();
      const { hostname, port } = new URL(outputs.minioUrl as string);
      const store = new ObjectStore({
        ...{ endPoint: hostname, port: Number(port), useSSL: false },
        ...{ accessKey: outputs.lakeAccessKey as string, secretKey: outputs.lakeSecretKey as string },
      });
      const names: string[] = [];
      for await (const { name } of store.listObjectsV2(
        outputs.bucket as string,
        "tables/public/links/",
        true,
      ))
        if (name?.endsWith(".parquet") && !name.includes("_delta_log")) names.push(name);
      expect(names.length).toBeGreaterThan(0);
      await store.removeObjects(outputs.bucket as string, names);
      const { diagnosis, findings } = await doctor();
      expect(diagnosis?.hop, JSON.stringify(findings)).toBe("Lake tables");
      expect(diagnosis?.text).toMatch(/public\.links/);
      expect(diagnosis?.fix).toMatch(/npm run resnapshot -- public\.links/);
      const { exitCode, text } = await stack.npmRun("resnapshot", "public.links");
      expect(exitCode, text).toBe(0);
      await eventually("the doctor finds nothing more", 180, doctor, (found) => found.diagnosis === null);
    });
  });
}
