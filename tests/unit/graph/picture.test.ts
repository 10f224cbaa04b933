import * as fs from "node:fs";
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
