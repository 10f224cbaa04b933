import { describe, expect, it } from "vitest";
import type { ResourceState } from "../../../embedded/deployment";
import { fromPulumi, toPulumi } from "../../../embedded/other-engine";
import { secret } from "../../../embedded/property-values";
import { containerInputs } from "../../../embedded/providers/docker/container-inputs";

const INPUTS = {
  name: "kafka",
  image: "sha256:1",
  labels: [{ label: "cdc.stack", value: "dev" }],
  uploads: [{ file: "/x", content: secret("password") }],
};

/** As the docker plugin's `check` leaves a container's inputs in the CLI's state. */
const FROM_CLI: ResourceState = {
  urn: "urn:pulumi:dev::cdc::cdc:index:Kafka$docker:index/container:Container::kafka-container",
  custom: true,
  id: "0123",
  type: "docker:index/container:Container",
  inputs: {
    ...INPUTS,
    __defaults: ["attach", "mustRun"],
    attach: false,
    mustRun: true,
    labels: [{ __defaults: [], label: "cdc.stack", value: "dev" }],
    uploads: [{ __defaults: ["executable"], executable: false, file: "/x", content: secret("password") }],
  },
  outputs: {
    __meta: '{"schema_version":"2"}',
    name: "kafka",
    networkDatas: [{ gateway: "1", __defaults: [] }],
  },
};

describe("a stack of the Pulumi CLI", () => {
  it("has for the embedded engine the inputs that the program gave, as they were, secrets too", () => {
    const { inputs, outputs } = fromPulumi(FROM_CLI);
    expect(inputs).toEqual(INPUTS);
    expect(containerInputs.safeParse({ ...inputs, uploads: undefined }).success).toBe(true);
    expect(outputs).toEqual({ name: "kafka", networkDatas: [{ gateway: "1" }] });
  });

  it("keeps what a dynamic resource is made of", () => {
    const dynamic = {
      ...FROM_CLI,
      type: "pulumi-nodejs:dynamic/kafka:Topics",
      inputs: { __provider: "text", topics: {} },
    };
    expect(fromPulumi(dynamic)).toBe(dynamic);
  });

  it("keeps components as they are", () => {
    const component = { urn: "u", custom: false, type: "cdc:index:Kafka", inputs: {}, outputs: {} };
    expect(fromPulumi(component)).toBe(component);
  });
});

describe("a stack of the embedded engine", () => {
  const container = fromPulumi(FROM_CLI);

  it("has for the CLI what the docker plugin records of each container, so that none looks changed", () => {
    const { inputs, outputs } = toPulumi({ ...container, outputs: { ...container.outputs, mustRun: false } });
    expect(inputs).toEqual(container.inputs);
    expect(outputs).toMatchObject({ attach: false, mustRun: false, start: true, removeVolumes: true });
    expect(outputs?.__meta).toBe('{"schema_version":"2"}');
  });

  it("comes back as it was: there and back changes no input", () => {
    expect(fromPulumi(toPulumi(container)).inputs).toEqual(container.inputs);
  });
});
