import { describe, expect, it } from "vitest";
import { endpointTable, outputTable } from "../../../cli/endpoints";
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

describe("tables of outputs", () => {
  const capturedTables = Array.from({ length: 1000 }, (_, n) => `public.table_${n}`);

  it("shows a long list short, and soon", () => {
    for (const table of [endpointTable({ capturedTables }), outputTable({ capturedTables })]) {
      expect(table).toContain("public.table_9 ");
      expect(table).toContain("and 990 more: npm run outputs -- --json");
      expect(table).not.toContain("public.table_10 ");
    }
  });

  it("shows a short list whole", () => {
    expect(endpointTable({ capturedTables: capturedTables.slice(0, 10) })).not.toContain("more");
  });
});
