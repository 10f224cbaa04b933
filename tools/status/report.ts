/** What `npm run status -- --json` prints: stable, and described here for docs/status.md. */
import { z } from "zod";
import type { PipelineInShort } from "./pipelines";
import { standingOf, type TableStanding } from "./standing";
import type { Status } from "./status";
import { behindOf } from "./topics";

/** Raised when a field goes or means something else; a new one does not raise it. */
export const VERSION = 1;

const number = z.number();
const count = number.int().nonnegative();

/** A moment of the source. */
const instant = z.strictObject({ at: z.iso.datetime(), lsn: z.string() });

export const report = z.strictObject({
  version: z.literal(VERSION).describe("of this form; raised when a field goes or means something else"),
  stack: z.string(),
  pipeline: z
    .string()
    .nullable()
    .describe("the one that was asked for (`--pipeline`); null: the stack's own"),
  at: z.iso.datetime().describe("when it was looked at, UTC"),
  well: z.boolean().describe("no alarm, and every part answered, also of the other pipelines"),
  overview: z.string().describe("the first line that a person sees"),
  alarms: z.array(z.string()).describe("what wants attention, each with what helps"),
  notReached: z
    .array(z.strictObject({ part: z.string(), reason: z.string() }))
    .describe("what did not answer"),
  services: z.array(
    z.strictObject({
      service: z.string(),
      container: z.string(),
      state: z.string().describe("Docker's word, or `gone`"),
      health: z.string().nullable().describe("`healthy`, `unhealthy`, `starting`; null: it does not run"),
      restarts: count.describe("how often Docker started it again"),
      memory: z
        .strictObject({ used: count, limit: count })
        .nullable()
        .describe("bytes; null: it does not run"),
      disks: z
        .array(z.strictObject({ path: z.string(), size: count, free: count }))
        .describe("bytes, of its volumes"),
      published: z.array(z.string()).describe("addresses on this machine"),
    }),
  ),
  connector: z
    .strictObject({
      status: z.string().describe("states of connector and tasks"),
      lsn: z.string().nullable().describe("how far it has read"),
      slot: z
        .strictObject({
          name: z.string(),
          isRead: z.boolean(),
          confirmedLsn: z.string().nullable(),
          lagBytes: number.nullable().describe("log written since the connector confirmed"),
          retainedBytes: number.nullable().describe("log kept on disk for it"),
          walStatus: z.string().nullable().describe("`reserved`, `extended`, `unreserved` or `lost`"),
        })
        .nullable(),
      snapshot: z.array(z.string()).describe("tables whose earlier rows are being sent"),
      notCapturedYet: z.array(z.string()).describe("tables that the next `up` takes up"),
      notLookedAt: z.array(z.string()),
    })
    .nullable()
    .describe("null: it did not answer"),
  topics: z.array(
    z.strictObject({
      topic: z.string(),
      table: z.string(),
      end: count.nullable().describe("sum of the partitions' end offsets; null: there is no such topic"),
      behind: count.nullable().describe("messages that the job has not read; null: not known"),
      behindSeconds: number
        .nullable()
        .describe("since the oldest of these was committed in PostgreSQL; null: none, or not known"),
    }),
  ),
  job: z.strictObject({
    state: z.string().describe("`RUNNING`, `RESTARTING`, `STOPPED`, `not installed`, `not running`"),
    error: z.string().nullable(),
    lastBatch: z
      .strictObject({ id: count, rows: count, seconds: number })
      .nullable()
      .describe("the last micro-batch since the job's start that had rows"),
    behind: count.nullable().describe("messages of all topics that it has not read"),
    behindSeconds: number
      .nullable()
      .describe("age of the oldest of them: how stale the lake is; null: it has read all, or not known"),
  }),
  tables: z
    .array(
      z.strictObject({
        table: z.string(),
        rows: count
          .nullable()
          .describe("of the current state, as this and the next two are; null: not looked at yet, or none"),
        files: count.nullable(),
        bytes: count.nullable(),
        lastCommit: z.iso.datetime().nullable().describe("when it was last written"),
        deadLetters: count.describe("changes that could not be applied"),
        trouble: z.string().nullable().describe("what is wrong with it; null: nothing that is known"),
        compared: z
          .strictObject({ at: z.iso.datetime(), lsn: z.string(), equal: z.boolean(), found: z.string() })
          .nullable()
          .describe("what the last `verify` or `doctor` found; null: not compared yet"),
        proof: z
          .strictObject({
            verifiedThrough: instant
              .nullable()
              .describe("the lake had exactly the source's rows then; null: not proven yet"),
            finding: z
              .strictObject({
                since: instant.describe("when it was seen first"),
                equalAt: instant.nullable().describe("when it was last proven before"),
                keys: count.describe("how many differ"),
                examples: z.array(z.string()).describe("some keys, each with what is wrong"),
              })
              .nullable()
              .describe("what differs; null: nothing that was found"),
            notProven: z
              .string()
              .nullable()
              .describe("why nothing can be said of it; null: it is proven in its turn"),
          })
          .nullable()
          .describe("what the continuous proof found; null: it is off, or did not answer"),
      }),
    )
    .describe("those with trouble first"),
  clocks: z.array(
    z.strictObject({
      service: z.string(),
      container: z.string(),
      ahead: number.describe("seconds ahead of this machine"),
    }),
  ),
  pipelines: z
    .array(
      z.strictObject({
        pipeline: z.string(),
        well: z.boolean(),
        overview: z.string(),
        alarms: z.array(z.string()),
        notReached: z.array(z.strictObject({ part: z.string(), reason: z.string() })),
      }),
    )
    .describe(
      "those beside the stack's own, in short, with what is not well in them alone; none with `--pipeline`",
    ),
});

export type Report = z.infer<typeof report>;

/** Pure. */
export function reportOf(status: Status, pipelines: readonly PipelineInShort[]): Report {
  const { overview, alarms, notReached, services, position, topics, lake, clocks } = status;
  const { behind, behindSeconds } = behindOf(topics);
  return {
    version: VERSION,
    stack: status.stack,
    pipeline: status.pipeline ?? null,
    at: status.at,
    well: isWell(status) && pipelines.every(isWell),
    ...{ overview, alarms: [...alarms], notReached: notReached.map((one) => ({ ...one })) },
    services: services.map((one) => ({
      ...one,
      memory: one.memory && { ...one.memory },
      disks: one.disks.map((disk) => ({ ...disk })),
      published: [...one.published],
    })),
    connector: position
      ? {
          status: position.status,
          lsn: position.lsn ?? null,
          slot: position.slot ? { ...position.slot } : null,
          snapshot: [...position.snapshot],
          notCapturedYet: [...position.notCapturedYet],
          notLookedAt: [...position.notLookedAt],
        }
      : null,
    topics: topics.map((one) => ({ ...one })),
    job: { state: lake.job, error: lake.error, lastBatch: lake.lastBatch, behind, behindSeconds },
    tables: standingOf(status).map(tableReport),
    clocks: clocks.map((one) => ({ ...one })),
    pipelines: pipelines.map((one) => ({
      ...{ pipeline: one.pipeline, well: isWell(one), overview: one.overview },
      ...{ alarms: [...one.alarms], notReached: one.notReached.map((part) => ({ ...part })) },
    })),
  };
}

function isWell({ alarms, notReached }: Pick<Status, "alarms" | "notReached">): boolean {
  return alarms.length === 0 && notReached.length === 0;
}

function tableReport({
  table,
  state,
  lastCommit,
  deadLetters,
  trouble,
  compared,
  proven,
}: TableStanding): Report["tables"][number] {
  return {
    ...{ table, rows: state?.rows ?? null, files: state?.files ?? null, bytes: state?.bytes ?? null },
    ...{
      lastCommit,
      deadLetters,
      trouble,
      compared: compared && { ...compared },
      proof: proofReport(proven),
    },
  };
}

function proofReport(proven: TableStanding["proven"]): Report["tables"][number]["proof"] {
  if (!proven) return null;
  const { verifiedThrough, finding, notProven } = proven;
  return { verifiedThrough, finding, notProven };
}
