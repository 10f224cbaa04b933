/** Pure: what Kafka's load tools print. Source: ProducerPerformance and ConsumerPerformance of Kafka 3.9 and 4. */

export interface Rate {
  readonly messagesPerSecond: number;
  /** 10⁶ bytes a second. */
  readonly megabytesPerSecond: number;
}

const MIB = 2 ** 20 / 1e6;
const PRODUCED = /([\d.]+) records\/sec \(([\d.]+) MB\/sec\)/g;

/**
 * The last line of kafka-producer-perf-test, which is about the whole run.
 *
 * @throws Error when there is no such line
 */
export function producerRate(output: string): Rate {
  const last = [...output.matchAll(PRODUCED)].at(-1);
  if (!last) throw new Error(`kafka-producer-perf-test printed no rate:\n${output}`);
  return { messagesPerSecond: Number(last[1]), megabytesPerSecond: Number(last[2]) * MIB };
}

/**
 * The table of kafka-consumer-perf-test: names of columns, then values. The rate is that of fetching, without the time
 * until the consumer is in its group.
 *
 * @throws Error when there is no such table
 */
export function consumerRate(output: string): Rate {
  const lines = output.split("\n").map((line) => line.split(",").map((cell) => cell.trim()));
  const header = lines.findIndex((cells) => cells.includes("fetch.nMsg.sec"));
  const value = (name: string) => Number(lines[header + 1]?.[lines[header]?.indexOf(name) ?? -1]);
  const rate = {
    messagesPerSecond: value("fetch.nMsg.sec"),
    megabytesPerSecond: value("fetch.MB.sec") * MIB,
  };
  if (!(rate.messagesPerSecond > 0)) throw new Error(`kafka-consumer-perf-test printed no rate:\n${output}`);
  return rate;
}
