import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { stackOutputs } from "../../../outputs";
import { outputsOf, outputsOfPipeline } from "../../../stack/outputs";
import { runProgram } from "../components/program";

/** What only a server knows, and no mock does. */
const FROM_SERVERS = { connectorState: "RUNNING", streamingJobState: "RUNNING" };

/** The outputs as an engine has them of a stack that is up. */
async function found(config: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const { outputs } = await runProgram("dev", config);
  const values = await new Promise<object>((resolve) => pulumi.output({ ...outputs }).apply(resolve));
  return JSON.parse(JSON.stringify({ ...values, ...FROM_SERVERS }));
}

describe("the program's outputs", () => {
  const stacks: Record<string, string>[] = [
    {},
    { kafkaMetadata: "kraft", supervisor: "false" },
    { sparkWorkers: "3" },
  ];
  it.each(stacks)("are what outputs.ts says they are, and nothing else: %j", async (config) => {
    const outputs = await found(config);
    expect(stackOutputs.strict().parse(outputs)).toEqual(outputs);
  });

  it("have no key for what a stack does not have", async () => {
    expect(Object.keys((await runProgram("dev", { kafkaMetadata: "kraft" })).outputs)).not.toContain(
      "zookeeperAddress",
    );
    expect(Object.keys((await runProgram("dev")).outputs)).not.toContain("tableLists");
  });
});

describe("the outputs of one pipeline", () => {
  const outputs = {
    ...{ connectorName: "own", kafkaConnectUrl: "http://c", proofUrl: "http://p", tableLists: {} },
    pipelines: { shop: { connectorName: "shop" } },
  };

  it("are its own in place of those of the stack's own, which are there without a name", () => {
    expect(outputsOfPipeline(outputs, "blue", undefined)).toBe(outputs);
    expect(outputsOfPipeline(outputs, "blue", "shop")).toEqual({
      connectorName: "shop",
      kafkaConnectUrl: "http://c",
    });
  });

  it("are not the stack's own where it has none, such as what it captured", () => {
    const captured = { ...outputs, capturedSource: { tables: {} } };
    expect(outputsOfPipeline(captured, "blue", "shop")).not.toHaveProperty("capturedSource");
  });

  it("are not to be had of one that there is not, with those that there are", () => {
    expect(() => outputsOfPipeline(outputs, "blue", "blog")).toThrow(
      "Stack blue has no pipeline blog: it has shop, and its own.",
    );
    expect(() => outputsOfPipeline({}, "blue", "blog")).toThrow(
      "Stack blue has no pipeline blog: it has its own alone.",
    );
  });
});

describe("outputs of a stack that an older version deployed", () => {
  it("are read as long as those that are needed are there", async () => {
    const { sparkAuthenticationSecret, containerNames, ...older } = await found();
    expect(outputsOf(older, "blue", ["bucket", "topicNames"])).toMatchObject({ bucket: older.bucket });
    expect(() => outputsOf(older, "blue", ["bucket", "containerNames"])).toThrow(
      "Stack blue has no usable output containerNames.",
    );
    expect(() => outputsOf(older, "blue")).toThrow(
      "Stack blue has no usable output containerNames, sparkAuthenticationSecret.",
    );
  });

  it("say how to get what is missing", () => {
    expect(() => outputsOf({}, "blue", ["minioUrl"])).toThrow(
      expect.objectContaining({ fix: expect.stringContaining("npm run up -- --stack blue") }),
    );
  });
});
