/** Whether changes cost more in a larger table: bench/growth/growth.py, beside the platform's own driver. */
import execa from "execa";
import type { Measurement } from "../measurement";
import { GROWTH_RATIO } from "../metrics";
import { limitOf } from "../observe/usage";
import { median } from "../statistics";
import type { Findings, Scene } from "./scenario";

/** Rows of the smallest table. The others have once and ten times as many as are inserted. */
const SMALLEST = 10_000;
const APPLICATIONS = 20;
const CHANGES = 1000;
/** The platform's own classes, where the streaming job's code is. */
const CODE = "/opt/examples/streaming";

/** A line that the script prints. */
interface Line {
  rows: number;
  fillSeconds: number;
  indexSeconds: number;
  applySeconds: number[];
  restartSeconds: number;
  lossSeconds: number;
}

export async function growth({ system, access, request, progress, sampler }: Scene): Promise<Findings> {
  const sizes = [SMALLEST, request.rows, 10 * request.rows];
  const container = system.stack.container("spark-client");
  await execa("docker", ["cp", "bench/growth/growth.py", `${container}:/tmp/growth.py`]);
  const { bucket, lakeAccessKey, lakeSecretKey } = access.outputs;
  const lines: Line[] = [];
  let limit = "";
  const measurements: Measurement[] = [];
  for (const rows of sizes) {
    progress.line(`growth: a table of ${rows.toLocaleString("en-US")} rows`);
    const watched = await sampler().start();
    const output = await system.stack.exec(
      "spark-client",
      ["sh", "-c", `PYTHONPATH=${CODE}:$PYTHONPATH exec python3 /tmp/growth.py`],
      JSON.stringify({
        url: `s3://${bucket}/bench/growth/${rows}`,
        s3: {
          endpoint: "http://minio:9000",
          region: "us-east-1",
          access_key_id: lakeAccessKey,
          secret_access_key: lakeSecretKey,
        },
        rows,
        changes: CHANGES,
        applications: APPLICATIONS,
      }),
    );
    const limitedBy = limitOf(await watched.stop());
    const line = JSON.parse(output.trim().split("\n").at(-1) ?? "{}") as Line;
    lines.push(line);
    limit = limitedBy;
    const shared = { scenario: "growth", system: system.name, limitedBy };
    const title = name(rows);
    measurements.push(
      {
        ...shared,
        metric: `${CHANGES.toLocaleString("en-US")} changes into a table of ${title} rows, median`,
        value: median(line.applySeconds) * 1000,
        unit: "ms",
        detail: `${APPLICATIONS} micro-batches, each with its compaction step: 70 % updates, 15 % inserts, 15 % deletes, at random over all keys`,
      },
      {
        ...shared,
        metric: `index of a table of ${title} rows made from the data`,
        value: line.indexSeconds,
        unit: "s",
      },
      {
        ...shared,
        metric: `the first changes after a restart, table of ${title} rows`,
        value: line.restartSeconds * 1000,
        unit: "ms",
      },
      {
        ...shared,
        metric: `the same without the local disk, table of ${title} rows`,
        value: line.lossSeconds * 1000,
        unit: "ms",
      },
    );
  }
  const [smallest, ...larger] = lines;
  for (const line of smallest ? larger : []) {
    measurements.push({
      scenario: "growth",
      system: system.name,
      metric: GROWTH_RATIO(name((smallest as Line).rows), name(line.rows)),
      value: median(line.applySeconds) / median((smallest as Line).applySeconds),
      unit: "×",
      limitedBy: limit,
    });
  }
  return { measurements };
}

const name = (rows: number) => rows.toLocaleString("en-US");
