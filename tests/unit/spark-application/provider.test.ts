import { describe, expect, it } from "vitest";
import { ContainerDown, ContainerGone } from "../../../providers/spark-application/client";
import { deploymentOf } from "../../../providers/spark-application/deployment";
import type { DriverState } from "../../../providers/spark-application/driver-state";
import { createProvider } from "../../../providers/spark-application/provider";
import { applicationInputs } from "./application-inputs";
import { FakeClient, RUNNING, STARTING } from "./fake-client";

const inputs = applicationInputs();
const deployed = deploymentOf(inputs);
const crashed: DriverState = { ...STARTING, failures: 2, lastRun: { exitCode: 1, signal: 0, error: null } };

function providerWith(client: FakeClient) {
  return createProvider(() => client, 1);
}

describe("creating an application", () => {
  it("puts code and service in place, starts it, and waits until its query is active", async () => {
    const client = new FakeClient([undefined, STARTING, RUNNING]);
    const created = await providerWith(client).create(inputs);
    expect(client.calls).toEqual(["putCode", "putService", "start"]);
    expect(client.files.has("code/orders/cdc/run.py")).toBe(true);
    expect(client.files.get("orders/run")).toContain("/opt/examples/orders/main.py");
    expect(created).toEqual({ id: "spark-client/orders", outs: { ...inputs, state: "RUNNING" } });
  });

  it("fails with the driver's own error, stops it, and is remembered as created", async () => {
    const client = new FakeClient([undefined, STARTING, crashed]);
    client.logText = "Traceback (most recent call last):\nValueError: no such table\n";
    await expect(providerWith(client).create(inputs)).rejects.toMatchObject({
      id: "spark-client/orders",
      properties: { ...inputs, state: "STOPPED" },
      reasons: [expect.stringContaining("application orders: its driver failed: ValueError: no such table")],
    });
    expect(client.calls.at(-1)).toBe("stop");
  });

  it("gives up at its deadline and says what it was still waiting for", async () => {
    const client = new FakeClient([undefined, STARTING]);
    await expect(providerWith(client).create({ ...inputs, startTimeoutSeconds: 0.01 })).rejects.toMatchObject(
      {
        reasons: [
          expect.stringContaining(
            "did not run within 0.01 s (startTimeoutSeconds); it still waited for its driver",
          ),
        ],
      },
    );
  });

  it("refuses code that changed since the program was run, and touches nothing", async () => {
    const client = new FakeClient([undefined]);
    await expect(providerWith(client).create({ ...inputs, codeHash: "old" })).rejects.toThrow(
      "changed during the deployment",
    );
    expect(client.calls).toEqual([]);
  });

  it("fails without a trace when there is no container to put it into", async () => {
    const client = new FakeClient([new ContainerGone("there is no container spark-client")]);
    const failure = await providerWith(client)
      .create(inputs)
      .catch((error) => error);
    expect(failure.message).toContain("there is no container spark-client");
    expect(failure.id).toBeUndefined();
  });
});

describe("updating an application", () => {
  it("stops the old driver before it puts the new code in its place", async () => {
    const client = new FakeClient([{ ...RUNNING, deployment: { ...deployed, codeHash: "old" } }, RUNNING]);
    await providerWith(client).update("id", inputs, inputs);
    expect(client.calls).toEqual(["stop", "putCode", "putService", "start"]);
  });

  it("starts one that somebody stopped", async () => {
    const client = new FakeClient([{ ...RUNNING, wantedUp: false, deployment: deployed }, RUNNING]);
    await providerWith(client).update("id", inputs, inputs);
    expect(client.calls.at(-1)).toBe("start");
  });

  it("leaves a driver alone that came back by itself", async () => {
    const client = new FakeClient([{ ...RUNNING, deployment: deployed }]);
    await providerWith(client).update("id", inputs, inputs);
    expect(client.calls).toEqual([]);
  });
});

describe("reading an application", () => {
  const there = { ...inputs, state: "RUNNING" };

  it("reports what is really deployed, so that refresh sees drift", async () => {
    const client = new FakeClient([
      { ...RUNNING, deployment: { ...deployed, arguments: ["--topics", "x"] } },
    ]);
    const { props, inputs: seen } = await providerWith(client).read("id", there);
    expect(props).toMatchObject({ arguments: ["--topics", "x"], state: "RUNNING" });
    expect(seen).not.toHaveProperty("state");
  });

  it("reports a stopped one as STOPPED", async () => {
    const client = new FakeClient([{ ...RUNNING, wantedUp: false, deployment: deployed }]);
    expect((await providerWith(client).read("id", there)).props).toMatchObject({ state: "STOPPED" });
  });

  it("reports one as STOPPED whose container is down", async () => {
    const client = new FakeClient([new ContainerDown("down")]);
    expect(await providerWith(client).read("id", there)).toMatchObject({
      id: "id",
      props: { state: "STOPPED" },
    });
  });

  it.each([
    ["application", undefined],
    ["container", new ContainerGone("gone")],
  ])("has no id for one whose %s is gone", async (_what, state) => {
    expect((await providerWith(new FakeClient([state])).read("id", there)).id).toBe("");
  });
});

describe("deleting an application", () => {
  it("stops and removes it", async () => {
    const client = new FakeClient([RUNNING]);
    await providerWith(client).delete("id", inputs);
    expect(client.calls).toEqual(["remove"]);
  });

  it("is done when the container is gone already", async () => {
    const client = new FakeClient([RUNNING]);
    client.remove = async () => {
      throw new ContainerGone("gone");
    };
    await expect(providerWith(client).delete("id", inputs)).resolves.toBeUndefined();
  });
});
