import * as fs from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import versions from "../../../images/versions.json";
import judged from "../../../tools/advisories/judged.json";
import { auditAnswer } from "../../../tools/advisories/npm-audit";
import { osv } from "../../../tools/advisories/osv";
import { pinnedPackages } from "../../../tools/advisories/pinned";
import { type Answer, exitCode, open } from "../../../tools/advisories/source";

const advisory = (...ids: string[]) => ({ ids, about: "x 1", summary: "" });
const said = (...advisories: ReturnType<typeof advisory>[]): Answer => ({ source: "s", advisories });
const silent: Answer = { source: "t", unreachable: "no route" };

describe("advisories", () => {
  it("are open until somebody has judged one of their names", () => {
    const answers = [said(advisory("GHSA-1", "CVE-1"), advisory("GHSA-2"))];
    expect(open(answers, { "CVE-1": "mended" })).toEqual([advisory("GHSA-2")]);
  });

  it("that are open, and sources that were not reached, are told by the exit code", () => {
    expect(exitCode([said()], {})).toBe(0);
    expect(exitCode([said(advisory("CVE-1"))], { "CVE-1": "mended" })).toBe(0);
    expect(exitCode([said(advisory("CVE-1")), silent], {})).toBe(1);
    expect(exitCode([said(), silent], {})).toBe(2);
  });

  it("that were judged are in docs/security.md", () => {
    const page = fs.readFileSync("docs/security.md", "utf8");
    expect(Object.keys(judged).filter((id) => !page.includes(id))).toEqual([]);
  });
});

describe("npm audit", () => {
  it("names each advisory once, at the package that has it", () => {
    const output = JSON.stringify({
      vulnerabilities: {
        a: { range: "<2", via: [{ url: "https://github.com/advisories/GHSA-1", title: "bad" }] },
        b: { range: "*", via: ["a"] },
      },
    });
    expect(auditAnswer(output, "")).toEqual({
      source: "npm audit",
      advisories: [{ ids: ["GHSA-1"], about: "a <2", summary: "bad" }],
    });
  });

  it("without an endpoint says so, instead of nothing", () => {
    const refused = JSON.stringify({ message: "405 Method Not Allowed", error: {} });
    expect(auditAnswer(refused, "")).toEqual({ source: "npm audit", unreachable: "405 Method Not Allowed" });
    expect(auditAnswer("", "npm error network\nmore")).toMatchObject({ unreachable: "npm error network" });
  });
});

describe("OSV", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  it("is asked for every package at once, and for the other names of what it finds", async () => {
    const asked: string[] = [];
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part) => parts.push(part));
      request.on("end", () => {
        asked.push(`${request.method} ${request.url} ${Buffer.concat(parts)}`);
        response.setHeader("content-type", "application/json");
        response.end(
          request.url === "/querybatch"
            ? '{"results":[{},{"vulns":[{"id":"GHSA-1","modified":"x"}]}]}'
            : '{"id":"GHSA-1","aliases":["CVE-1"],"summary":"bad"}',
        );
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const packages = [
      { ecosystem: "PyPI", name: "a", version: "1" },
      { ecosystem: "Go", name: "b", version: "2" },
    ] as const;
    expect(await osv(packages, api)).toEqual({
      source: "OSV",
      advisories: [{ ids: ["GHSA-1", "CVE-1"], about: "b 2", summary: "bad" }],
    });
    expect(asked).toEqual([
      'POST /querybatch {"queries":[{"package":{"ecosystem":"PyPI","name":"a"},"version":"1"},{"package":{"ecosystem":"Go","name":"b"},"version":"2"}]}',
      "GET /vulns/GHSA-1 ",
    ]);
  });

  it("that is not reached says why", async () => {
    expect(await osv([], "http://127.0.0.1:1")).toMatchObject({
      unreachable: expect.stringContaining("ECONNREFUSED"),
    });
  });
});

describe("what is pinned", () => {
  it("is asked for in every version that a stack may have", () => {
    const named = pinnedPackages().map(({ name, version }) => `${name} ${version}`);
    for (const version of Object.values(versions.KAFKA_VERSION))
      expect(named).toContain(`org.apache.kafka:kafka-clients ${version}`);
    expect(named).toContain(`github.com/minio/minio ${versions.MINIO_VERSION.slice(1)}`);
    expect(named).toContain(`org.apache.zookeeper:zookeeper ${versions.ZOOKEEPER_VERSION}`);
  });
});
