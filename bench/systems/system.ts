/** A platform that is measured: the same program and images, with other settings and another streaming job. */
import { Client } from "pg";
import type { StackOutputs } from "../../outputs";
import { KafkaTopic } from "../observe/kafka-topic";
import { LakeObjects } from "../observe/lake-objects";
import type { Stack } from "./stack";

/** A lake table that a scenario watches. */
export interface LakeTable {
  /** Such as `current state`. */
  readonly title: string;
  /** Relative to the bucket. */
  readonly folder: string;
  /** Column that has the source's customerPassword, which is where a stream of changes writes its time. */
  readonly timeColumn: string;
}

export interface System {
  readonly name: "ours" | "seed";
  readonly stack: Stack;
  /** Of public.customers1, the table that every scenario writes to. The first is the one that both systems have. */
  readonly tables: readonly LakeTable[];
  /** The streaming query's, relative to the bucket. */
  readonly checkpoint: string;
  /** Writes the stack's configuration. */
  configure(): void;
  /** What is left to do after `up`. */
  prepare(): Promise<void>;
  /** Stops the streaming job until `startJob`. */
  stopJob(): Promise<void>;
  startJob(): Promise<void>;
}

/** The source table of every scenario. */
export const TABLE = "customers1";
export const TOPIC = "dbserver2.public.customers1";

/** Connections to a running system. */
export class Access {
  private constructor(
    readonly outputs: StackOutputs,
    readonly database: Client,
    readonly lake: LakeObjects,
  ) {}

  static async to(system: System): Promise<Access> {
    const outputs = await system.stack.outputs();
    const database = new Client({ connectionString: outputs.postgresqlUrl, keepAlive: true });
    // A connection that breaks between two queries: the next query reports it.
    database.on("error", () => {});
    await database.connect();
    return new Access(outputs, database, new LakeObjects(outputs));
  }

  topic(): KafkaTopic {
    return new KafkaTopic(this.outputs.kafkaBootstrapServers, TOPIC);
  }

  async close(): Promise<void> {
    await this.database.end().catch(() => {});
  }
}
