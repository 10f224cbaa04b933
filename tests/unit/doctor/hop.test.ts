import { describe, expect, it } from "vitest";
import { UserError } from "../../../stack/console";
import { Blemish, type Examination, examine, type Finding, type Hop } from "../../../tools/doctor/hop";
import type { Journey } from "../../../tools/doctor/journey";
import { hopsOf } from "../../../tools/doctor/main";
import type { ServiceStatus } from "../../../tools/status/services";
import type { Status } from "../../../tools/status/status";

const service = (name: string, state = "running", health: string | null = "healthy"): ServiceStatus => ({
  ...{ service: name, container: `blue-${name}`, state, health },
  ...{ restarts: 0, memory: null, disks: [], published: [] },
});
const status = (...services: ServiceStatus[]) => ({ services }) as unknown as Status;
const hop = (name: string, services: string[], follow: () => Promise<string>): Hop => ({
  name,
  services,
  follow,
});
const well = (name: string, ...services: string[]) => hop(name, services, async () => "fine");
const stuck = (name: string, ...services: string[]) =>
  hop(name, services, async () => {
    throw new UserError(`${name} is stuck.`, "Push it.");
  });

async function look(hops: Hop[], seen: Status): Promise<Examination> {
  const told: Finding[] = [];
  const examination = await examine(hops, seen, {} as Journey, (finding) => told.push(finding));
  expect(told).toEqual(examination.findings);
  return examination;
}

describe("the doctor", () => {
  it("finds nothing where the marker arrives everywhere", async () => {
    const { findings, diagnosis } = await look(
      [well("A", "a"), well("B", "b")],
      status(service("a"), service("b")),
    );
    expect(findings.map(({ verdict }) => verdict)).toEqual(["well", "well"]);
    expect(diagnosis).toBeUndefined();
  });

  it("names the hop where it stops, why and what mends it, and does not judge those behind it", async () => {
    const { findings, diagnosis } = await look([well("A", "a"), stuck("B", "b"), well("C", "c")], status());
    expect(findings.map(({ verdict }) => verdict)).toEqual(["well", "sick", "not reached"]);
    expect(diagnosis).toEqual({
      ...{ hop: "B", verdict: "sick", text: "B is stuck", fix: "Push it." },
    });
  });

  it("follows the marker on past what is wrong with some tables only", async () => {
    const blemished = hop("B", [], async () => {
      throw new Blemish("public.orders was taken out", "Put it back.");
    });
    const { findings, diagnosis } = await look([blemished, well("C", "c")], status());
    expect(findings.map(({ verdict }) => verdict)).toEqual(["sick", "well"]);
    expect(diagnosis?.fix).toBe("Put it back.");
  });

  it("takes a server that is down for the cause, also where another hop suffers first", async () => {
    const seen = status(service("a"), service("b", "exited", null));
    const { findings, diagnosis } = await look([stuck("A", "a"), well("B", "b")], seen);
    expect(findings[0]?.text).toBe("A is stuck (because of B, see there)");
    expect(diagnosis).toMatchObject({ hop: "B", text: "container blue-b (b) is exited" });
  });

  it("takes a server whose disk is full for the cause as well, after one that is down", async () => {
    const full = { ...service("b"), disks: [{ path: "/data", size: 400e6, free: 0 }] };
    const hops = [stuck("A", "a"), well("B", "b")];
    const { diagnosis } = await look(hops, status(service("a"), full));
    expect(diagnosis).toMatchObject({ hop: "B", text: expect.stringMatching(/^the disk of b is full/) });
    const down = { ...full, state: "exited" };
    expect((await look(hops, status(service("a"), down))).diagnosis?.text).toMatch(/is exited/);
  });

  it("does not take a service for another whose name begins alike", async () => {
    const { findings } = await look(
      [well("Kafka", "kafka"), well("Connect", "kafka-connect")],
      status(service("kafka-connect", "exited", null)),
    );
    expect(findings.map(({ verdict }) => verdict)).toEqual(["well", "sick"]);
  });

  it.each([
    [service("spark-worker-2", "exited", null), "docker restart blue-spark-worker-2"],
    [service("spark-worker-2", "paused", null), "docker unpause blue-spark-worker-2"],
    [service("spark-worker-2", "gone", null), "npm run up"],
    [service("spark-worker-2", "running", "unhealthy"), "docker logs blue-spark-worker-2"],
  ])("knows what brings $state $health back", async (broken, command) => {
    const { diagnosis } = await look([well("Job", "spark-worker")], status(broken));
    expect(diagnosis?.fix).toContain(command);
  });
});

it("the hops of a pipeline are those of its own driver and worker", () => {
  const services = (pipeline?: string) => hopsOf(pipeline).flatMap((one) => one.services);
  expect(services()).toEqual(expect.arrayContaining(["spark-master", "spark-worker", "spark-client"]));
  expect(services("shop")).toEqual(
    expect.arrayContaining(["spark-master", "spark-worker-shop", "spark-client-shop"]),
  );
  expect(services("shop")).not.toContain("spark-client");
});
