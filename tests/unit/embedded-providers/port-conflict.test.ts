import { describe, expect, test } from "vitest";
import { portConflictText, takenPort } from "../../../embedded/providers/docker/port-conflict";

describe("a taken port", () => {
  test.each([
    "driver failed programming external connectivity on endpoint kafka (ab12): Bind for 127.0.0.1:9092 failed: port is already allocated",
    "driver failed programming external connectivity on endpoint kafka (ab12): Error starting userland proxy: listen tcp4 127.0.0.1:9092: bind: address already in use",
    "failed to set up container networking: driver failed programming external connectivity: failed to bind host port 127.0.0.1:9092/tcp: address already in use",
  ])("is recognised in Docker's words: %s", (message) => {
    expect(takenPort(message)).toBe(9092);
  });

  test("is not seen in other failures", () => {
    expect(takenPort('exec: "nope": executable file not found in $PATH')).toBeUndefined();
  });

  test("is reported with the service, the port, who holds it and how to move", () => {
    const text = portConflictText({
      service: "kafka",
      port: 9092,
      holder: { container: "try-kafka", stack: "try" },
      project: "cdc-platform",
      stack: "dev",
    });
    expect(text).toBe(
      'kafka cannot publish port 9092 on this machine: container try-kafka of stack "try" holds it. Stop that, or move all ports of this stack: pulumi config set portOffset 10000 (without the CLI: "cdc-platform:portOffset: 10000" in Pulumi.dev.yaml).',
    );
  });
});
