import type { Arrivals } from "../../../providers/kafka-connect/deployment/arrivals";
import type {
  Ends,
  TableTopics,
  TopicMessage,
} from "../../../providers/kafka-connect/deployment/table-topics";

/** Topics of one partition, of which only the numbers of events are kept. */
export class FakeTopics implements TableTopics {
  readonly written: TopicMessage[] = [];
  private readonly events = new Map<string, ("row" | "change")[]>();

  arrive(topic: string, rows: number, changes = 0): void {
    const log = this.events.get(topic) ?? [];
    log.push(...Array(rows).fill("row"), ...Array(changes).fill("change"));
    this.events.set(topic, log);
  }

  /** Control messages in their order, as `begin public.a`. */
  steps(): string[] {
    return this.written.map(({ value }) => {
      const { resnapshot, source } = JSON.parse(value).payload;
      return `${resnapshot.step} ${source.schema}.${source.table}`;
    });
  }

  async ends(topics: readonly string[]): Promise<ReadonlyMap<string, Ends>> {
    return new Map(topics.map((topic) => [topic, [BigInt(this.events.get(topic)?.length ?? 0)]]));
  }

  async arrivals(topic: string, [from = 0n]: Ends, [to = 0n]: Ends): Promise<Arrivals> {
    const log = (this.events.get(topic) ?? []).slice(Number(from), Number(to));
    const count = (kind: string) => log.filter((event) => event === kind).length;
    return { rows: count("row"), changes: count("change"), wasTruncated: false };
  }

  async write(messages: readonly TopicMessage[]): Promise<void> {
    this.written.push(...messages);
  }

  async clusterId(): Promise<string> {
    return "cluster";
  }

  async close(): Promise<void> {}
}
