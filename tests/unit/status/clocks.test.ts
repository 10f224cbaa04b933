import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { clockAlarms, readServerClock } from "../../../tools/status/clocks";

const clock = (ahead: number) => ({ service: "postgresql", container: "blue-postgresql", ahead });

describe("a clock", () => {
  it("is wrong when it is more than a minute from this machine's, either way, and the container can be made anew", () => {
    expect(clockAlarms([clock(59), clock(-59)])).toEqual([]);
    expect(clockAlarms([clock(300.4)])[0]).toMatch(
      /^the clock of postgresql is 300 s ahead of this machine's.*`npm run up -- --replace postgresql-container`/,
    );
    expect(clockAlarms([clock(-4000)])[0]).toMatch(/4,000 s behind/);
  });

  it("of a web server is in its answers, whatever these are", async () => {
    const server = createServer((_request, answer) => {
      answer.writeHead(403, { Date: new Date(Date.now() + 500_000).toUTCString() }).end();
    }).listen(0);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(Math.round(((await readServerClock(url, 1000)) as number) / 10)).toBe(50);
    server.close();
  });
});
