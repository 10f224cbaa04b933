import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Reporter } from "../../../embedded/display";
import { displayName } from "../../../embedded/urn";

const KAFKA = "urn:pulumi:dev::cdc::cdc:index:Kafka$docker:index/container:Container::kafka";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a step is reported from beginning to end, with a sign of life and its last progress every ten seconds", async () => {
  const lines: string[] = [];
  const reporter = new Reporter({ line: (text) => lines.push(text) }, false);
  const step = reporter.step("create", KAFKA, async (progress) => {
    progress("pulling");
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    progress("waiting for health");
    await new Promise((resolve) => setTimeout(resolve, 7_300));
  });
  await vi.advanceTimersByTimeAsync(25_000);
  await step;
  expect(lines).toEqual([
    "+  docker:Container kafka  creating…",
    "+  docker:Container kafka  … still creating (10 s): pulling",
    "+  docker:Container kafka  … still creating (20 s): waiting for health",
    "+  docker:Container kafka  created (22.3 s)",
  ]);
});

test("the end groups the errors by resource, then counts what happened", async () => {
  const lines: string[] = [];
  const reporter = new Reporter({ line: (text) => lines.push(text) }, false);
  reporter.count("create");
  reporter.count("create");
  reporter.count("same");
  reporter.fail(KAFKA, "is unhealthy\nlast log line");
  reporter.fail("", "the program is wrong");
  reporter.conclude("{} resources are as they should be", false);
  expect(lines).toEqual([
    "",
    "Errors:",
    "  docker:Container kafka: is unhealthy",
    "    last log line",
    "  the program is wrong",
    "",
    "Resources: 2 created, 2 failed, 1 unchanged",
  ]);
});

test.each([
  ["urn:pulumi:dev::cdc::pulumi-nodejs:dynamic/debezium:Connector::c", "debezium:Connector c"],
  ["urn:pulumi:dev::cdc::pulumi-nodejs:dynamic:Resource::r", "dynamic:Resource r"],
  ["urn:pulumi:dev::cdc::pulumi:providers:minio::minio", "minio:Provider minio"],
  ["urn:pulumi:dev::cdc::cdc:index:Kafka::a::b", "cdc:Kafka a::b"],
])("%s is called %s", (urn, name) => {
  expect(displayName(urn)).toBe(name);
});
