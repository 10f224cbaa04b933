import { describe, expect, it } from "vitest";
import { consumerRate, producerRate } from "../../../bench/limits/perf-output";

describe("producerRate", () => {
  it("takes the line about the whole run", () => {
    const output = [
      "98541 records sent, 19708.2 records/sec (67.79 MB/sec), 391.5 ms avg latency, 510.0 ms max latency.",
      "200000 records sent, 23148.148148 records/sec (79.62 MB/sec), 372.55 ms avg latency, 512.00 ms max latency, 371 ms 50th, 480 ms 95th, 500 ms 99th, 511 ms 99.9th.",
    ].join("\n");
    expect(producerRate(output).messagesPerSecond).toBeCloseTo(23_148.148, 3);
    expect(producerRate(output).megabytesPerSecond).toBeCloseTo(79.62 * 1.048576, 3);
  });

  it("says what was printed instead of a rate", () => {
    expect(() => producerRate("Exception in thread main")).toThrow("Exception in thread main");
  });
});

describe("consumerRate", () => {
  const header =
    "start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec";
  const values =
    "2026-11-24 00:10:01:120, 2026-11-24 00:10:05:320, 690.1000, 164.3095, 200000, 47619.0476, 200, 4000, 172.5250, 50000.0000";

  it("leaves out the time until the consumer is in its group", () => {
    const rate = consumerRate(`${header}\n${values}\n`);
    expect(rate.messagesPerSecond).toBe(50_000);
    expect(rate.megabytesPerSecond).toBeCloseTo(172.525 * 1.048576, 3);
  });

  it("finds the table after a warning", () => {
    expect(consumerRate(`WARNING: option is deprecated\n${header}\n${values}`).messagesPerSecond).toBe(
      50_000,
    );
  });

  it("takes no rate of 0 for one: nothing was consumed", () => {
    const nothing = values.replace("50000.0000", "0.0000");
    expect(() => consumerRate(`${header}\n${nothing}`)).toThrow("no rate");
  });

  it("says what was printed instead of a table", () => {
    expect(() => consumerRate("no brokers")).toThrow("no brokers");
  });
});
