/** Where things are, from the outputs of the stack. */

import type { StackOutputs } from "../outputs";
import { lakePath } from "../providers/kafka-connect/debezium/table-names";
import { outputsOf } from "./outputs";

const NEEDED = [
  "postgresqlUrl",
  "kafkaBootstrapServers",
  "kafkaSecurity",
  "kafkaConnectUrl",
  "connectorName",
  "capturedSource",
  "capturedTables",
  "topicNames",
  "bucket",
  "lakeRoot",
  "objectStore",
  "minioUrl",
  "lakeAccessKey",
  "lakeSecretKey",
  "sparkClientContainer",
  "streamingJobName",
  "streamingJobCheckpoint",
] as const;

export type Platform = Pick<StackOutputs, (typeof NEEDED)[number]>;

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
export function platformOf(outputs: Readonly<Record<string, unknown>>, stack: string): Platform {
  return outputsOf(outputs, stack, NEEDED);
}

/** What a stack made anew has another of: PostgreSQL's system identifier. */
export function lakeOf({ capturedSource }: Pick<Platform, "capturedSource">): string {
  return capturedSource?.server?.systemIdentifier ?? "";
}

/**
 * The captured tables of these names, or all.
 *
 * @param tables `schema.table`, or `table` of the schema public; none: all
 * @returns also the names that were asked for and are not captured
 */
export function chosenTables(
  platform: Pick<Platform, "capturedTables" | "topicNames" | "lakeRoot">,
  tables: readonly string[] = [],
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
