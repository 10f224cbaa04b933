/** Where things are, from the outputs of the stack. */

import { z } from "zod";
import { UserError } from "../../cli/console";
import type { SourceIdentity } from "../../providers/kafka-connect/source-identity";
import { lakePath } from "../../providers/kafka-connect/table-names";
import type { VerifyRequest } from "./request";

const outputsShape = z.object({
  postgresqlUrl: z.string(),
  kafkaBootstrapServers: z.string(),
  kafkaConnectUrl: z.string(),
  connectorName: z.string(),
  capturedTables: z.array(z.string()),
  topicNames: z.array(z.string()),
  bucket: z.string(),
  /** `s3a://bucket[/folder]` */
  lakeRoot: z.string(),
  objectStore: z.object({ region: z.string(), pathStyle: z.boolean() }),
  minioUrl: z.string(),
  lakeAccessKey: z.string(),
  lakeSecretKey: z.string(),
  sparkClientContainer: z.string(),
  streamingJobName: z.string(),
  streamingJobCheckpoint: z.string(),
});

export type Platform = z.infer<typeof outputsShape>;

export interface CapturedTable {
  readonly schema: string;
  readonly table: string;
  /** `schema.table` */
  readonly name: string;
  readonly topic: string;
  /** `s3a://bucket/folder` of the current state. */
  readonly stateUrl: string;
  /** The same of the change log. */
  readonly logUrl: string;
}

/** @throws UserError when the stack was deployed by a version without some of the outputs */
export function platformOf(outputs: Record<string, unknown>, stack: string): Platform {
  const result = outputsShape.safeParse(outputs);
  if (result.success) return result.data;
  const missing = result.error.issues.map((issue) => issue.path.join(".")).join(", ");
  throw new UserError(
    `Stack ${stack} has no usable output ${missing}.`,
    `Run \`npm run up -- --stack ${stack}\`; it adds outputs without touching anything else.`,
  );
}

/** What a stack made anew has another of: PostgreSQL's system identifier. */
export function lakeOf({ capturedSource }: Record<string, unknown>): string {
  return (capturedSource as SourceIdentity | undefined)?.server?.systemIdentifier ?? "";
}

/**
 * The tables asked for, or all.
 *
 * @returns also the names that were asked for and are not captured
 */
export function chosenTables(
  platform: Platform,
  { tables }: Pick<VerifyRequest, "tables">,
): { chosen: CapturedTable[]; unknown: string[] } {
  const captured = platform.capturedTables.map((name, index): CapturedTable => {
    const [schema = "", ...rest] = name.split(".");
    const table = rest.join(".");
    return {
      schema,
      table,
      name,
      topic: platform.topicNames[index] ?? "",
      stateUrl: `${platform.lakeRoot}/tables/${lakePath({ schema, table })}`,
      logUrl: `${platform.lakeRoot}/changes/${lakePath({ schema, table })}`,
    };
  });
  const wanted = tables.map((name) => (name.includes(".") ? name : `public.${name}`));
  return {
    chosen: wanted.length === 0 ? captured : captured.filter(({ name }) => wanted.includes(name)),
    unknown: wanted.filter((name) => !captured.some((table) => table.name === name)),
  };
}
