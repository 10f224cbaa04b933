import { describe, expect, it } from "vitest";
import { endpointTable } from "../../../cli/endpoints";
import { runProgram } from "../components/program";

describe("the table of endpoints", () => {
  it("has a row for each endpoint that the program puts out, and no password", async () => {
    const { outputs } = await runProgram("dev");
    const plain = Object.fromEntries(Object.keys(outputs).map((name) => [name, `<${name}>`]));
    const table = endpointTable(plain);
    for (const name of Object.keys(outputs).filter((name) =>
      /(Url|Urls|Address|Servers|ServersInside)$/.test(name),
    )) {
      if (name !== "postgresqlUrl") expect(table).toContain(`<${name}>`);
    }
    expect(table).not.toMatch(/[pP]assword|[sS]ecret/);
  });

  it("leaves out what a stack does not have", () => {
    expect(endpointTable({ minioUrl: "http://localhost:9000" })).not.toContain("ZooKeeper");
  });
});
