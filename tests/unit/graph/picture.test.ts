import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { dataFlow, resourceGraph, servicesOf } from "../../../tools/graph/picture";
import { type Program, runProgram } from "../components/program";

/** `WRITE_DOCS=1` writes the README's picture instead of comparing it. */
const PICTURE = /(?<=```mermaid\n)[^`]*(?=\n```)/;

let dev: Program;
beforeAll(async () => {
  dev = await runProgram("dev");
});

describe("the picture of where data flows", () => {
  it("is the README's", () => {
    const readme = fs.readFileSync("README.md", "utf8");
    const picture = dataFlow(dev.resources);
    if (process.env.WRITE_DOCS) fs.writeFileSync("README.md", readme.replace(PICTURE, picture));
    else expect(PICTURE.exec(readme)?.[0], "WRITE_DOCS=1 writes it").toBe(picture);
  });

  it("has every container in it, and no flow from or to what is not there", async () => {
    const picture = dataFlow(dev.resources);
    for (const service of servicesOf(dev.resources).filter((name) => !name.startsWith("spark-")))
      expect(picture, service).toMatch(new RegExp(`^  (subgraph )?${service}\\W`, "m"));
    const kraft = await runProgram("kraft", {
      kafkaMetadata: "kraft",
      supervisor: "false",
      continuousProof: "false",
      console: "false",
      sparkWorkers: "3",
    });
    const other = dataFlow(kraft.resources);
    expect(other).not.toMatch(/zookeeper|supervisor|proof|console/i);
    expect(other).toContain('subgraph spark ["Spark: master, 3 workers, client"]');
  });

  it("has each pipeline's connector and job, and what stands beside them", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cdc-graph-"));
    try {
      const shipped = fs.readFileSync("connector-configs/debezium-postgres-connector.json", "utf8");
      const [shop, sink] = ["shop", "sink"].map((name) => path.join(folder, `${name}.json`));
      fs.writeFileSync(
        shop as string,
        shipped.replaceAll("dbserver2", "shop").replace("debezium-postgres", "shop"),
      );
      fs.writeFileSync(sink as string, JSON.stringify({ name: "to-a-file", config: { topics: "a" } }));
      const { resources } = await runProgram("dev", {
        pipelines: JSON.stringify({ shop: { connectorConfig: shop } }),
        connectors: JSON.stringify([sink]),
      });
      const picture = dataFlow(resources);
      for (const line of [
        ...['connector-shop["Debezium connector of shop"]', 'job-shop["Structured Streaming job of shop"]'],
        ...[
          "connector-shop -- ",
          "  kafka --> job-shop",
          "  connectors-to-a-file --- kafka",
          "Spark: master, 2 workers, 2 clients",
        ],
      ])
        expect(picture).toContain(line);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("the graph of resources", () => {
  it("has each of them once, in its component, and what comes before it", () => {
    const graph = resourceGraph(dev.resources);
    const managed = dev.resources.filter(({ type }) => !/^(cdc:index:|pulumi:)/.test(type));
    for (const { name } of managed) expect(graph.split(`["${name}<br/>`), name).toHaveLength(2);
    const id = (name: string) => new RegExp(`(r\\d+)\\["${name}<br/>`).exec(graph)?.[1];
    expect(graph).toContain(`  ${id("kafka-container")} --> ${id("kafka-connect-container")}`);
  });
});
