import { describe, expect, it } from "vitest";
import { publishedPorts } from "../../../cli/checks/ports";
import { runProgram } from "../components/program";

describe("the check for taken ports", () => {
  it.each(["zookeeper", "kraft"] as const)(
    "looks at exactly the ports that the program publishes, with %s",
    async (kafkaMetadata) => {
      const program = await runProgram("dev", { portOffset: "1000", kafkaMetadata });
      const published = program
        .ofType("docker:index/container:Container")
        .flatMap(({ inputs }) => inputs.ports ?? [])
        .map(({ external }) => external);
      expect([...publishedPorts(1000, kafkaMetadata).keys()].sort()).toEqual(published.sort());
    },
  );
});
