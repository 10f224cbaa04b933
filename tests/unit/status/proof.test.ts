import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import {
  foundByProof,
  type ProvenTable,
  proofAlarms,
  provenText,
  readProof,
} from "../../../tools/status/proof";

const proven: ProvenTable = {
  ...{ table: "public.orders", finding: null, notProven: null },
  verifiedThrough: { at: "2026-01-01T10:00:00.500Z", lsn: "0/10" },
};
const different: ProvenTable = {
  ...proven,
  finding: {
    ...{ since: { at: "2026-01-01T11:00:00.000Z", lsn: "0/20" }, equalAt: proven.verifiedThrough, keys: 7 },
    examples: Array.from({ length: 7 }, (_, index) => `id "${index}": missing in the lake`),
  },
};

describe("what the continuous proof says of a table", () => {
  it("is the moment up to which it is proven", () => {
    expect(provenText(proven)).toBe("up to 2026-01-01 10:00:00 UTC\n0/10");
    expect(provenText({ ...proven, verifiedThrough: null })).toBe("not yet");
    expect(provenText({ ...proven, notProven: "it is set aside" })).toBe("no, see below");
    expect(provenText(different)).toMatch(/^NOT EQUAL\nup to 2026-01-01 10:00:00 UTC/);
    expect(foundByProof(proven)).toBeUndefined();
  });

  it("is an alarm where it differs: how many keys, since when, which, and what mends it", () => {
    expect(proofAlarms(undefined)).toEqual([]);
    expect(
      proofAlarms({ round: 1, lastRoundSeconds: null, stalled: null, tables: [proven, different] }),
    ).toEqual([
      "the lake's rows are not the source's in public.orders (7 keys; seen since 2026-01-01 11:00:00 UTC, equal until " +
        '2026-01-01 10:00:00 UTC): id "0": missing in the lake | id "1": missing in the lake | id "2": missing in the lake | ' +
        'id "3": missing in the lake | id "4": missing in the lake and 2 more. ' +
        "`npm run resnapshot -- public.orders` reads its rows again",
    ]);
  });

  it("is read from the service; a stack without one has none", async () => {
    const answer = { round: 3, roundBegan: "", lastRoundSeconds: 9, stalled: null, tables: [different] };
    const server = http.createServer((request, response) => {
      response.end(request.url === "/proof" ? JSON.stringify(answer) : "");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect((await readProof(`http://127.0.0.1:${port}`, 5_000))?.tables).toEqual([different]);
    expect(await readProof(undefined, 5_000)).toBeUndefined();
    server.close();
    await expect(readProof(`http://127.0.0.1:${port}`, 700)).rejects.toThrow();
  });
});
