import { describe, expect, it } from "vitest";
import { checkInputs } from "../../../providers/spark-application/inputs";
import { UNKNOWN } from "../../../providers/unknown";

const given = {
  containerName: "spark-client",
  containerId: "1234",
  applicationName: "orders",
  codeHash: "abc",
  arguments: ["--topics", "a.b.c"],
};

describe("inputs", () => {
  it("get defaults and keep what Pulumi adds", () => {
    const { inputs, failures } = checkInputs({ ...given, __provider: "text" });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({
      __provider: "text",
      codeFolder: "spark",
      installFolder: "orders",
      mainFile: "streaming_from_kafka_to_minio.py",
      submitArguments: [],
      startTimeoutSeconds: 300,
    });
  });

  it("may be unknown before the deployment", () => {
    expect(checkInputs({ ...given, containerId: UNKNOWN, arguments: UNKNOWN }).failures).toEqual([]);
  });

  it("are refused by property, with what was found", () => {
    const bad = {
      ...given,
      applicationName: "a b",
      installFolder: "../b",
      arguments: "--topics a",
      startTimeoutSeconds: 0,
    };
    expect(checkInputs(bad).failures).toEqual([
      {
        property: "applicationName",
        reason: expect.stringContaining("letters, digits, '_', '.' and '-', found \"a b\""),
      },
      { property: "installFolder", reason: expect.stringContaining("must be a folder's name") },
      { property: "arguments", reason: expect.stringContaining("must be a list of command line arguments") },
      { property: "startTimeoutSeconds", reason: expect.stringContaining("more than 0 seconds, found 0") },
    ]);
  });
});
