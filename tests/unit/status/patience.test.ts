import { expect, it } from "vitest";
import { patienceWith } from "../../../tools/status/patience";
import type { ServiceStatus } from "../../../tools/status/services";

const service = (name: string, state: string): ServiceStatus => ({
  ...{ service: name, container: `blue-${name}`, state, health: null },
  ...{ restarts: 0, memory: null, disks: [], published: [] },
});

it("what a container is missing to is not waited for, and all else is, however busy the machine", () => {
  const seen = [service("kafka", "paused"), service("kafka-connect", "running")];
  expect(patienceWith(seen, ["kafka", "zookeeper"])).toBeLessThan(1000);
  expect(patienceWith(seen, ["kafka-connect"])).toBeGreaterThan(2000);
  expect(patienceWith([], ["kafka"])).toBeGreaterThan(2000);
});
