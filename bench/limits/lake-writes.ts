/** What the lake takes: appends to a Delta table by delta-rs, and raw objects. */
import * as fs from "node:fs";
import * as net from "node:net";
import execa from "execa";
import { Client as S3 } from "minio";
import { UserError } from "../../stack/console";
import type { Measurement } from "../measurement";
import { placeOf, type RunningStack } from "../running-stack";

const PYTHON = ".venv/bin/python";
const BUCKET = "bench-limit";
const WITHIN = 400_000;

interface Written {
  appends: { batch: number; commits: number; commitMs: number; rowsPerSecond: number }[];
  puts: { size: number; puts: number; putMs: number; megabytesPerSecond: number }[];
}

/** @throws UserError when the tests' Python environment is not there */
export async function lakeWrites(stack: RunningStack): Promise<Measurement[]> {
  if (!fs.existsSync(PYTHON))
    throw new UserError(
      `${PYTHON}, which writes a Delta table without Spark, is not there.`,
      "`npm run test:unit` makes it.",
    );
  const { minioUrl, minioRootUser = "", minioRootPassword = "" } = await stack.outputs();
  const { hostname, port } = new URL(minioUrl);
  const s3 = new S3({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey: minioRootUser,
    secretKey: minioRootPassword,
    region: "us-east-1",
  });
  if (!(await s3.bucketExists(BUCKET))) await s3.makeBucket(BUCKET);
  try {
    const endpoint = await endpointOf(stack, minioUrl);
    const args = [endpoint, minioRootUser, minioRootPassword, BUCKET];
    const { stdout } = await execa(PYTHON, ["bench/limits/lake_writes.py", ...args], { timeout: WITHIN });
    return measurementsOf(JSON.parse(stdout));
  } finally {
    await removeBucket(s3);
  }
}

function measurementsOf({ appends, puts }: Written): Measurement[] {
  const latency = { scenario: "latency", system: "limit", unit: "ms" } as const;
  const throughput = { scenario: "throughput", system: "limit" } as const;
  return [
    ...appends.flatMap(({ batch, commits, commitMs, rowsPerSecond }) => {
      const metric = `Delta append by delta-rs, ${batch.toLocaleString("en-US")} row${batch > 1 ? "s" : ""} a commit`;
      const detail = `${commits} commits one after another`;
      return [
        { ...latency, metric, value: commitMs, detail: `${detail}, median` },
        { ...throughput, metric, value: rowsPerSecond, unit: "rows/s", detail },
      ];
    }),
    ...puts.flatMap(({ size, puts: count, putMs, megabytesPerSecond }) => {
      const metric = `PUT of ${size >= 1e6 ? `${size / 1e6} MB` : `${size / 1000} kB`} to MinIO`;
      return [
        { ...latency, metric, value: putMs, detail: `${count} one after another, median` },
        {
          ...throughput,
          metric,
          value: megabytesPerSecond,
          unit: "MB/s",
          detail: `${count}, 4 at a time`,
        },
      ];
    }),
  ];
}

/** MinIO as the containers reach it, where this machine can too: a published port has a copying proxy in between. */
async function endpointOf(stack: RunningStack, published: string): Promise<string> {
  const { address } = await placeOf(stack, "minio");
  return (await isOpen(address, 9000)) ? `http://${address}:9000` : published;
}

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 2000 });
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => answer(true));
    socket.once("timeout", () => answer(false));
    socket.once("error", () => answer(false));
  });
}

async function removeBucket(s3: S3): Promise<void> {
  const names: string[] = [];
  for await (const { name } of s3.listObjectsV2(BUCKET, "", true)) if (name) names.push(name);
  await s3.removeObjects(BUCKET, names);
  await s3.removeBucket(BUCKET);
}
