import * as fs from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Bucket, StoredObject } from "../../../readers/lake/bucket";
import { literal, Workspace } from "../../../readers/workspace";
import type { CapturedTable } from "../../../stack/platform";
import { damageAlarms, inTurn, lookAt } from "../../../tools/status/table-files";

const looked = (table: string, damage: string | null) => ({ table, lastCommit: null, damage });

describe("files of the lake's tables", () => {
  it("are looked at from another table on each time, each of them once", () => {
    expect([0, 1, 2, 3].map((turn) => inTurn(["a", "b", "c"], turn).join(""))).toEqual([
      "abc",
      "bca",
      "cab",
      "abc",
    ]);
    expect(inTurn([], 7)).toEqual([]);
  });

  it("that are not all there are an alarm, with the tables and the command", () => {
    expect(damageAlarms([looked("public.a", null)])).toEqual([]);
    const found = damageAlarms([
      looked("public.b", "data file x is missing"),
      looked("public.a", "data file y is missing"),
    ]);
    expect(found).toEqual([
      "public.a: data file y is missing, and 1 more tables like it. Make it anew from the source: `npm run resnapshot -- public.a public.b`.",
    ]);
  });

  it("are those that each table's own checkpoint names, however many tables are looked at together", async () => {
    const workspace = await Workspace.open();
    try {
      const lane = await workspace.lane();
      const schema = JSON.stringify({
        type: "struct",
        fields: [{ name: "a", type: "string", metadata: {} }],
      });
      const objects = new Map<string, StoredObject>();
      const checkpoints = new Map<string, string>();
      const tables = Array.from({ length: 20 }, (_, n) => ({
        name: `public.a/${n}`,
        stateUrl: `s3a://lake/tables/${n}`,
        logUrl: `s3a://lake/changes/${n}`,
      })) as unknown as CapturedTable[];
      for (const url of tables.flatMap(({ stateUrl, logUrl }) => [stateUrl, logUrl])) {
        const local = `${lane.folder}/${checkpoints.size}.parquet`;
        const add = `{path: ${literal(`${checkpoints.size}.parquet`)}, size: 10, modificationTime: 5}`;
        await lane.run(`COPY (
          SELECT ${add} AS add, NULL::STRUCT(schemaString VARCHAR) AS "metaData", NULL::STRUCT(minReaderVersion INT) AS protocol
          UNION ALL SELECT NULL, {schemaString: ${literal(schema)}}, NULL
          UNION ALL SELECT NULL, NULL, {minReaderVersion: 1}) TO ${literal(local)} (FORMAT parquet)`);
        objects.set(`${url}/${checkpoints.size}.parquet`, { size: 10, modified: undefined });
        const name = `${url}/_delta_log/00000000000000000000`;
        objects.set(`${name}.checkpoint.parquet`, { size: 1, modified: undefined });
        objects.set(`${name}.json`, { size: 1, modified: undefined });
        checkpoints.set(`${name}.checkpoint.parquet`, local);
      }
      const bucket = {
        objects: async (folder: string) =>
          new Map([...objects].filter(([url]) => url.startsWith(`${folder}/`))),
        download: async (url: string, file: string) => {
          await pause(Math.random() * 20);
          fs.copyFileSync(checkpoints.get(url) ?? "", file);
        },
      } as unknown as Bucket;
      const found = await lookAt(bucket, workspace, tables, Number.POSITIVE_INFINITY);
      expect(found.map(({ damage }) => damage)).toEqual(Array(20).fill(null));
    } finally {
      workspace.close();
    }
  });
});
