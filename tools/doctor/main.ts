/** Follows a marker through the platform, hop by hop. */
import { chooseEngine } from "../../stack/engines/choose";
import { outputsOfPipeline } from "../../stack/outputs";
import { lakeOf, platformOf } from "../../stack/platform";
import { forStack } from "../status/for-stack";
import { serviceFor } from "../status/services";
import { readStatus } from "../status/status";
import { examine, type Finding, type Hop } from "./hop";
import { connector } from "./hops/connector";
import { kafka } from "./hops/kafka";
import { lakeTables } from "./hops/lake-tables";
import { objectStore } from "./hops/object-store";
import { postgresql } from "./hops/postgresql";
import { replication } from "./hops/replication";
import { rows } from "./hops/rows";
import { streamingJob } from "./hops/streaming-job";
import { Journey } from "./journey";
import type { DoctorRequest } from "./request";

/** In the order of the data, except that what a hop writes to comes before it: it cannot work without. */
export const HOPS: readonly Hop[] = [
  postgresql,
  replication,
  kafka,
  connector,
  objectStore,
  streamingJob,
  lakeTables,
  rows,
];

/** Those of one pipeline; undefined: of the stack's own. */
export function hopsOf(pipeline: string | undefined): Hop[] {
  return HOPS.map((hop) => ({
    ...hop,
    services: hop.services.map((service) => serviceFor(pipeline, service)),
  }));
}

/** @returns the exit code */
export async function run({ stack, engine, pipeline, patience, json }: DoctorRequest): Promise<number> {
  const all = await (await chooseEngine(engine, stack)).outputs(stack, true);
  const outputs = outputsOfPipeline(all, stack, pipeline);
  const platform = platformOf(outputs, stack);
  const status = await readStatus(outputs, { stack, pipeline });
  const journey = new Journey({ stack, pipeline }, platform, lakeOf(platform), status, patience);
  try {
    const { findings, diagnosis: found } = await examine(hopsOf(pipeline), status, journey, (finding) => {
      if (!json) console.log(forStack(line(finding), { stack, pipeline }));
    });
    const diagnosis = found && {
      ...found,
      text: forStack(found.text, { stack, pipeline }),
      fix: forStack(found.fix, { stack, pipeline }),
    };
    if (json) console.log(JSON.stringify({ findings, diagnosis: diagnosis ?? null }, null, 2));
    else if (diagnosis) console.log(`\n${diagnosis.hop}: ${diagnosis.text}.\nFix: ${diagnosis.fix}`);
    else console.log("\nA change goes all the way from PostgreSQL to the lake's tables.");
    return diagnosis ? 1 : 0;
  } finally {
    await journey.close();
  }
}

const SIGNS = { well: "✔", sick: "✘", "not reached": "·" } as const;

function line({ hop, verdict, text }: Finding): string {
  return `${SIGNS[verdict]} ${hop}: ${text}`;
}
