import { describe, expect, test } from "vitest";
import { type Properties, UNKNOWN } from "../../../embedded/provider";
import { checkInputs } from "../../../embedded/providers/checked-inputs";
import { containerInputs } from "../../../embedded/providers/docker/container-inputs";

const failures = (inputs: Properties) => checkInputs("docker.Container", containerInputs, inputs).failures;
const minimal = { name: "kafka", image: "sha256:1" };

describe("a container's inputs", () => {
  test("that are not carried are refused by name, wherever they are", () => {
    expect(failures({ ...minimal, gpus: "all", ports: [{ internal: 1, hostname: "x" }] })).toEqual([
      { property: "ports[0].hostname", reason: expect.stringContaining("does not carry") },
      { property: "gpus", reason: expect.stringContaining("--engine pulumi") },
    ]);
  });

  test("that are not known yet are taken as right", () => {
    const upload = { file: "/a", content: UNKNOWN };
    expect(
      failures({ name: "x", image: UNKNOWN, memory: UNKNOWN, uploads: [upload], ports: UNKNOWN }),
    ).toEqual([]);
  });

  test("that are null count as not given, and are dropped", () => {
    const { inputs } = checkInputs("docker.Container", containerInputs, { ...minimal, user: null });
    expect(inputs).toEqual(minimal);
  });

  test.each([
    [{ healthcheck: { interval: "3 seconds" } }, "healthcheck.interval", "duration"],
    [{ uploads: [{ file: "relative", content: "x" }] }, "uploads[0].file", "absolute"],
    [{ uploads: [{ file: "/a" }] }, "uploads[0]", "exactly one of content"],
    [{ uploads: [{ file: "/a", content: "", permissions: "rw-" }] }, "uploads[0].permissions", "octal"],
    [{ ports: [{ internal: 70000 }] }, "ports[0].internal", "65535"],
    [{ restart: "sometimes" }, "restart", "unless-stopped"],
  ])("%j is refused with the property and what it should be", (given, property, reason) => {
    expect(failures({ ...minimal, ...given })).toEqual([
      { property, reason: expect.stringContaining(reason) },
    ]);
  });

  test("without a name get one from the resource's, which stays", async () => {
    const { containerProvider } = await import("../../../embedded/providers/docker/container");
    const { default: Docker } = await import("dockerode");
    const provider = containerProvider(new Docker());
    const urn = "urn:pulumi:dev::cdc-platform::docker:index/container:Container::kafka";
    const first = await provider.check?.({ urn, newInputs: { image: "x" } });
    expect(first?.inputs.name).toMatch(/^kafka-[0-9a-f]{7}$/);
    const second = await provider.check?.({ urn, newInputs: { image: "y" }, oldInputs: first?.inputs });
    expect(second?.inputs.name).toBe(first?.inputs.name);
  });
});
