/** Faults planted into one stack, one after another: seen, named, mended by the command that is printed. `npm run test:faults`. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeDiagnosis } from "./diagnosis";
import { connectorPaused, publicationAltered, slotDropped } from "./faults/connector";
import { dataFileDamaged, dataFileGone, lakeKeyChanged, valueWrong } from "./faults/lake";
import { boundedVolume, clockOff, diskFull, jobStopped, topicDeleted, workerDown } from "./faults/servers";
import { eventually, TestStack } from "./platform";

const stack = new TestStack("e2e-faults");

beforeAll(async () => {
  stack.configure();
  await stack.removeLeftovers();
  await boundedVolume(stack, 400);
  const { exitCode, text } = await stack.npmRun("up");
  expect(exitCode, text).toBe(0);
  await stack.sql(
    `insert into links ("customerId", "customerFName") select n, 'customer ' || n from generate_series(1, 1000) n`,
  );
});

afterAll(async () => {
  await stack.npmRun("destroy");
});

describeDiagnosis(stack, [
  slotDropped,
  lakeKeyChanged,
  jobStopped,
  topicDeleted,
  dataFileGone,
  dataFileDamaged,
  valueWrong,
  diskFull,
  connectorPaused,
  publicationAltered,
  clockOff,
  workerDown,
]);

it("a killed driver is seen at once, and comes back by itself", async () => {
  await stack.exec("spark-client", ["pkill", "-9", "-f", "streaming_from_kafka_to_minio.py"]);
  const { text } = await stack.npmRun("status");
  expect(text).toMatch(/^NOT WELL: /);
  expect(text).toMatch(/the streaming job is RESTARTING/);
  await eventually(
    "all is well",
    120,
    () => stack.npmRun("status"),
    (seen) => seen.exitCode === 0,
  );
});
