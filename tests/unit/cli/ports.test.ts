import { describe, expect, it } from "vitest";
import { publishedPorts } from "../../../cli/checks/ports";
import { runProgram } from "../components/program";

describe("the check for taken ports", () => {
  it.each([
    ["zookeeper", 1],
    ["kraft", 1],
    ["zookeeper", 8],
  ] as const)(
    "looks at exactly the ports that the program publishes, with %s and %d Spark workers",
    async (kafkaMetadata, sparkWorkers) => {
      const program = await runProgram("dev", {
        ...{ portOffset: "1000", kafkaMetadata, sparkWorkers: String(sparkWorkers) },
      });
      const published = program
        .ofType("docker:index/container:Container")
        .flatMap(({ inputs }) => inputs.ports ?? [])
        .map(({ external }) => external);
      const looked = publishedPorts({
        portOffset: 1000,
        kafkaMetadata,
        sparkWorkers,
        elsewhere: [],
        pipelines: [],
      });
      expect([...looked.keys()].sort()).toEqual(published.sort());
    },
  );
});
