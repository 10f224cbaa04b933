import { describe, expect, it } from "vitest";
import { publishedPorts } from "../../../cli/checks/ports";
import { runProgram } from "../components/program";

describe("the check for taken ports", () => {
  it("looks at exactly the ports that the program publishes", async () => {
    const program = await runProgram("dev", { portOffset: "1000" });
    const published = program
      .ofType("docker:index/container:Container")
      .flatMap(({ inputs }) => inputs.ports ?? [])
      .map(({ external }) => external);
    expect([...publishedPorts(1000).keys()].sort()).toEqual(published.sort());
  });
});
