/** What the hops share: the ways to every part, opened when a hop needs them, and how far the marker is. */

import type { Client } from "pg";
import { usualPacing } from "../../providers/kafka-connect/pacing";
import { impatientClient } from "../../providers/kafka-connect/rest/client";
import { kafkaAccess } from "../../readers/kafka/access";
import { Topics } from "../../readers/kafka/topics";
import { Bucket } from "../../readers/lake/bucket";
import { connectSource } from "../../readers/source/connection";
import type { Waiting } from "../../readers/wait";
import { UserError } from "../../stack/console";
import { type CapturedTable, chosenTables, type Platform } from "../../stack/platform";
import type { ServiceStatus } from "../status/services";
import type { Status } from "../status/status";

export class Journey {
  /** Place of the marker in PostgreSQL's log, once it is written. */
  marker: bigint | undefined;
  readonly tables: readonly CapturedTable[];
  readonly topics: Topics;
  readonly bucket: Bucket;
  readonly connect;
  private client: Client | undefined;

  /** @param patience milliseconds that the marker may take for one hop */
  constructor(
    readonly place: { readonly stack: string; readonly pipeline: string | undefined },
    readonly platform: Platform,
    /** What a stack made anew has another of. */
    readonly lake: string,
    readonly status: Status,
    readonly patience: number,
  ) {
    this.tables = chosenTables(platform).chosen;
    this.topics = new Topics(kafkaAccess(platform));
    this.bucket = Bucket.of(platform);
    this.connect = impatientClient(platform.kafkaConnectUrl, usualPacing);
  }

  async source(): Promise<Client> {
    this.client ??= await connectSource(this.platform.postgresqlUrl);
    return this.client;
  }

  readonly waiting = (): Waiting => ({ deadline: Date.now() + this.patience, say: () => {} });

  serviceOf(name: string): ServiceStatus {
    const found = this.status.services.find(({ service }) => service === name);
    if (!found)
      throw new UserError(`Docker shows no container of ${name}`, "`npm run refresh`, then `npm run up`.");
    return found;
  }

  async close(): Promise<void> {
    await this.client?.end().catch(() => {});
    await this.topics.close();
  }
}
