import { describe, expect, it } from "vitest";
import type { Position } from "../../../providers/kafka-connect/position";
import { edgesOf, type Found, nodesOf } from "../../../tools/console/graph";
import { jobIn, tablesIn } from "../../../tools/console/job";
import { sampleOf } from "../../../tools/console/look";
import { type Answer, silenceOf } from "../../../tools/console/probe";
import { lakeAlarms } from "../../../tools/status/alarms";

const answer = (service: string, error: string | null = null): Answer => ({
  ...{ service, address: `${service}:1`, container: service, page: null, error },
});
const topic = (table: string, end: number | null, behind: number | null, behindSeconds: number | null) => ({
  ...{ topic: `t.${table}`, table, end, behind, behindSeconds },
});
const slot = {
  name: "s",
  isRead: true,
  confirmedLsn: "0/1",
  lagBytes: 1_500,
  retainedBytes: 1,
  walStatus: null,
};
const position: Position = {
  ...{ status: "connector RUNNING, task 0 RUNNING", offsets: [], snapshot: [], gaps: [] },
  ...{ notReadAgain: [], notCapturedYet: [], notLookedAt: [], slot },
};
const found = (more: Partial<Found> = {}): Found => ({
  answers: [
    ...["postgresql", "kafka", "zookeeper", "kafka-connect", "spark-master"].map((one) => answer(one)),
    { ...answer("supervisor"), address: null },
    ...["spark-worker", "spark-worker-2", "spark-client", "minio", "proof"].map((one) => answer(one)),
  ],
  network: { position, topics: [topic("a", 10, 0, null)], clocks: [] },
  ...{ job: "RUNNING", tables: 1, alarms: [], notReached: [] },
  ...more,
});
const health = (more: Partial<Found>) =>
  Object.fromEntries(nodesOf(found(more)).map(({ id, health: word }) => [id, word]));

describe("the graph", () => {
  it("has the flow from PostgreSQL to the lake, and by each the services that stand by it", () => {
    expect(nodesOf(found()).map(({ id, beside }) => [beside ?? "flow", id])).toEqual([
      ...["postgresql", "connector", "kafka", "job", "lake"].map((id) => ["flow", id]),
      ...[
        ["connector", "supervisor"],
        ["kafka", "zookeeper"],
        ["job", "spark-master"],
      ],
      ...[
        ["job", "spark-worker"],
        ["job", "spark-worker-2"],
        ["lake", "proof"],
      ],
    ]);
    expect(new Set(Object.values(health({})))).toEqual(new Set(["well", "unseen"]));
    expect(health({}).supervisor).toBe("unseen");
  });

  it("shows where the alarm is, and nowhere else", () => {
    const of = (about: string) =>
      Object.entries(health({ alarms: [{ about }] })).flatMap(([id, word]) => (word === "trouble" ? id : []));
    expect(of("connector")).toEqual(["connector"]);
    expect(of("kafka")).toEqual(["kafka"]);
    expect(of("minio"), "its clock").toEqual(["lake"]);
    expect(of("job")).toEqual(["job"]);
  });

  it("tells what does not answer from what is in trouble", () => {
    const { answers } = found();
    const broken = answers.map((one) =>
      one.service === "kafka-connect" ? { ...one, error: "ECONNREFUSED" } : one,
    );
    expect(health({ answers: broken, alarms: [{ about: "connector" }] })).toMatchObject({
      ...{ connector: "silent", kafka: "well" },
    });
    expect(health({ notReached: [{ part: "the object store" }] })).toMatchObject({
      lake: "silent",
      job: "well",
    });
  });

  it("says on its edges what flows and what waits", () => {
    const network = { position, topics: [topic("a", 100, 0, null), topic("b", 50, 7, 2.5)], clocks: [] };
    const before = { ...sampleOf(1_000, network), written: 100, read: 100 };
    const [log, into, unread, lake] = edgesOf({ network }, [before, sampleOf(6_000, network)]);
    expect(log).toMatchObject({ from: "postgresql", lag: "1.5 kB of log not confirmed" });
    expect(into).toMatchObject({ to: "kafka", rate: "10 messages/s" });
    expect(unread).toMatchObject({ lag: "7 messages wait, the oldest 2.5 s old", isClear: false });
    expect(lake).toMatchObject({ to: "lake", rate: "8.6 messages/s" });
  });

  it("says nothing that it does not know", () => {
    const unknown = { topics: [topic("a", 5, null, null)], clocks: [] };
    expect(edgesOf({ network: unknown }, [sampleOf(1, unknown)]).map(({ rate, lag }) => [rate, lag])).toEqual(
      [
        ...[
          [null, null],
          [null, null],
          [null, null],
          [null, null],
        ],
      ],
    );
    expect(sampleOf(1, unknown)).toMatchObject({ written: 5, read: null, behind: null, staleness: null });
    expect(sampleOf(1, { topics: [], clocks: [] })).toMatchObject({ written: null });
  });
});

describe("what the network tells", () => {
  it("of a service that does not answer: what shows why and what starts it, where it is the stack's own", () => {
    expect(silenceOf([answer("kafka")])).toEqual([]);
    const [own] = silenceOf([answer("kafka", "ECONNREFUSED")]);
    expect(own).toMatchObject({
      about: "kafka",
      text: expect.stringContaining("`docker start kafka` starts it"),
    });
    const [theirs] = silenceOf([{ ...answer("kafka", "ENOTFOUND"), container: null }]);
    expect(theirs?.text).toMatch(/ENOTFOUND.*not a container of this stack/);
  });

  it("of the job: whether Spark's master has it run", () => {
    const app = (state: string) => ({ activeapps: [{ id: "1", name: "job", state }] });
    expect(jobIn(app("RUNNING"), "job")).toEqual({ job: "RUNNING", error: null });
    expect(jobIn(app("WAITING"), "job")).toMatchObject({ job: "not running", error: /WAITING/ });
    expect(jobIn({ activeapps: [] }, "job").error).toMatch(/no running application job/);
  });

  it("of tables: what the job has noted in the lake, with the alarms of status", () => {
    const notes = new Map([
      ["public.a", { setAside: { reason: "file x is missing", since: "2026" } }],
      ["public.b", { needsRows: "messages were lost" }],
      ["public.c", { noKey: { reason: "none" } }],
    ]);
    const alarms = lakeAlarms({ tables: tablesIn(notes) });
    expect(alarms).toHaveLength(2);
    expect(alarms[0]).toMatch(/public\.a is set aside since 2026.*file x is missing/);
    expect(alarms[1]).toMatch(/public\.b needs its rows again \(messages were lost\)/);
  });
});
