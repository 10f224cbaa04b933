import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ConnectorNotRunning } from "../../../providers/kafka-connect/deployment/deploy";
import type { ConnectorInputs, ConnectorOutputs } from "../../../providers/kafka-connect/inputs";
import { createProvider } from "../../../providers/kafka-connect/provider";
import { ConnectServer, run, statusOf } from "./connect-server";
import { fastPacing } from "./fast-pacing";

const NAME = "debezium-postgres-connector";
const PATH = `/connectors/${NAME}`;
const REBALANCING = {
  status: 409,
  body: {
    error_code: 409,
    message:
      "Cannot complete request momentarily due to stale configuration (typically caused by a concurrent config change)",
  },
};
const TRACE = `org.apache.kafka.connect.errors.ConnectException: An exception occurred in the change event producer. This connector will be stopped.
\tat io.debezium.pipeline.ErrorHandler.setProducerThrowable(ErrorHandler.java:67)
\tat io.debezium.connector.postgresql.PostgresStreamingChangeEventSource.execute(PostgresStreamingChangeEventSource.java:204)
\tat java.base/java.lang.Thread.run(Thread.java:1583)
Caused by: io.debezium.DebeziumException: Could not execute heartbeat action query (Error: 42P01)
\tat io.debezium.heartbeat.DatabaseHeartbeatImpl.forcedBeat(DatabaseHeartbeatImpl.java:61)
\t... 5 more
Caused by: org.postgresql.util.PSQLException: ERROR: relation "public.heartbeat" does not exist
  Position: 13
\tat org.postgresql.core.v3.QueryExecutorImpl.receiveErrorResponse(QueryExecutorImpl.java:2734)
\t... 12 more
`;

let connect: ConnectServer;
const provider = createProvider(fastPacing);

beforeEach(async () => {
  connect = await new ConnectServer().start();
});
afterEach(async () => {
  await connect.stop();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function inputs(overrides: Partial<ConnectorInputs> = {}): ConnectorInputs {
  return {
    connectUrl: connect.url,
    name: NAME,
    config: {
      "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
      "database.password": `\${file:/kafka/secrets/postgresql.properties:password}`,
      "topic.prefix": "dbserver2",
      "slot.name": "cdc_dbserver2",
    },
    timeoutSeconds: 10,
    ...overrides,
  };
}

async function created(overrides: Partial<ConnectorInputs> = {}): Promise<ConnectorOutputs> {
  return (await provider.create(inputs(overrides))).outs;
}

async function failureOf(promise: Promise<unknown>): Promise<ConnectorNotRunning> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome, "expected a failure").toBeInstanceOf(Error);
  return outcome as ConnectorNotRunning;
}

describe("creating a connector", () => {
  it("succeeds with what Connect says about it once connector and task are RUNNING", async () => {
    const { id, outs } = await provider.create(inputs());

    expect(id).toBe(NAME);
    expect(outs).toEqual({
      ...inputs(),
      state: "RUNNING",
      tasks: [{ id: 0, state: "RUNNING", workerId: "kafka-connect:8083" }],
      type: "source",
    });
  });

  it("waits for a worker that is still starting: no listener, then 503, then 404 for everything", async () => {
    await connect.stop();
    connect.interrupt(
      /status/,
      { status: 503 },
      { status: 404 },
      { status: 404, body: { error_code: 404, message: "HTTP 404 Not Found" } },
    );
    const creating = provider.create(inputs());
    await new Promise((resolve) => setTimeout(resolve, 80));
    await connect.start();

    expect((await creating).outs.state).toBe("RUNNING");
  });

  it("repeats what Connect turns down during a rebalance, with 409 or 500", async () => {
    const forwarding = {
      error_code: 500,
      message: "IO Error trying to forward REST request: Connection refused",
    };
    connect.interrupt(/PUT .*config/, REBALANCING, REBALANCING, { status: 500, body: forwarding });

    expect((await created()).state).toBe("RUNNING");
    expect(connect.count(`PUT ${PATH}/config`)).toBe(4);
  });

  it("does not repeat a PUT that got no answer but was carried out", async () => {
    connect.interrupt(/PUT .*config/, { silence: "after doing it" });

    expect((await created()).state).toBe("RUNNING");
    expect(connect.count(`PUT ${PATH}/config`)).toBe(1);
  });

  it("repeats a PUT that got no answer and was not carried out", async () => {
    connect.interrupt(/PUT .*config/, { silence: "before" });

    expect((await created()).state).toBe("RUNNING");
    expect(connect.count(`PUT ${PATH}/config`)).toBe(2);
  });

  it("is not content with a connector that has no task yet", async () => {
    connect.onWrite = (connector) => {
      connector.status = statusOf(NAME, "RUNNING");
      setTimeout(() => run(connector), 500);
    };
    const started = Date.now();

    expect((await created()).tasks).toHaveLength(1);
    expect(Date.now() - started).toBeGreaterThan(500);
  });

  it("is not content with a task that runs for a moment and then fails", async () => {
    connect.onWrite = (connector) => {
      run(connector);
      setTimeout(() => {
        connector.status = statusOf(NAME, "RUNNING", { state: "FAILED", trace: TRACE });
      }, 20);
    };
    connect.onRestart = connect.onWrite;

    expect((await failureOf(created())).message).toContain("task 0 is FAILED");
  });

  it("fails with the task's own error, and leaves the connector known to the engine", async () => {
    connect.onWrite = (connector) => {
      connector.status = statusOf(NAME, "RUNNING", { state: "FAILED", trace: TRACE });
    };
    connect.onRestart = () => {};
    const failure = await failureOf(created({ timeoutSeconds: 60 }));

    expect(failure.message).toBe(
      [
        `connector ${NAME}: task 0 is FAILED on worker kafka-connect:8083: org.apache.kafka.connect.errors.ConnectException: An exception occurred in the change event producer. This connector will be stopped.`,
        "  Caused by: io.debezium.DebeziumException: Could not execute heartbeat action query (Error: 42P01)",
        '  Caused by: org.postgresql.util.PSQLException: ERROR: relation "public.heartbeat" does not exist',
        "  Position: 13",
        "  It was restarted 2 times",
      ].join("\n"),
    );
    expect(failure.id).toBe(NAME);
    expect(failure.reasons).toEqual([failure.message]);
    expect(failure.properties).toMatchObject({ ...inputs({ timeoutSeconds: 60 }), state: "FAILED" });
  });

  it("says at the deadline what it saw last and where to look", async () => {
    connect.onWrite = (connector) => {
      connector.status = statusOf(NAME, "RUNNING", { state: "UNASSIGNED" });
    };
    const failure = await failureOf(created({ timeoutSeconds: 0.3 }));

    expect(failure.message).toContain("last seen: connector RUNNING, task 0 UNASSIGNED");
    expect(failure.message).toContain("label=cdc.service=kafka-connect");
    expect(failure.properties.state).toBe("UNASSIGNED");
  });

  it("says that Connect cannot be reached when it does not come up in time, and has nothing half-made", async () => {
    const everything = inputs({ timeoutSeconds: 0.2 });
    await connect.stop();
    const failure = await failureOf(provider.create(everything));

    expect(failure.message).toContain(
      `Kafka Connect at ${everything.connectUrl} cannot be reached (ECONNREFUSED)`,
    );
    expect(failure.id).toBeUndefined();
  });

  it("turns a refused config into one line a property, at once", async () => {
    connect.interrupt(/PUT .*config/, {
      status: 400,
      body: {
        error_code: 400,
        message:
          "Connector configuration is invalid and contains the following 1 error(s):\nThe 'topic.prefix' value is invalid: A value is required\nYou can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`",
      },
    });
    connect.validation = {
      "topic.prefix": ["The 'topic.prefix' value is invalid: A value is required"],
      "slot.name": [],
    };
    const failure = await failureOf(created({ timeoutSeconds: 60 }));

    expect(failure.message).toBe(
      `connector ${NAME}:\n  Kafka Connect refuses the config\n  config["topic.prefix"]: A value is required`,
    );
    expect(failure.id, "nothing was made").toBeUndefined();
  });

  it("says which connector classes there are when the wanted one is not installed", async () => {
    const message =
      "Failed to find any class that implements Connector and which name matches a.B, available connectors are: PluginDesc{klass=class io.debezium.connector.postgresql.PostgresConnector, name='x'}, PluginDesc{klass=class org.apache.kafka.connect.tools.MockConnector, name='y'}";
    connect.interrupt(/PUT .*config/, { status: 500, body: { error_code: 500, message } });

    expect((await failureOf(created({ timeoutSeconds: 60 }))).message).toContain(
      "connector.class a.B is not installed on the worker; installed are: io.debezium.connector.postgresql.PostgresConnector",
    );
  });

  it("keeps secrets out of what it says", async () => {
    const body = {
      error_code: 400,
      message: "Invalid value hunter2-hunter2 for configuration database.password: too easy",
    };
    connect.interrupt(/PUT .*config/, { status: 400, body });
    const config = { ...inputs().config, "database.password": "hunter2-hunter2" };

    expect((await failureOf(created({ config }))).message).toContain(
      'config["database.password"]: Invalid value [secret]',
    );
  });
});

describe("updating a connector", () => {
  it("changes the config in place and waits until the tasks have it", async () => {
    const olds = await created();
    const config = { ...olds.config, "poll.interval.ms": "50" };
    connect.onWrite = (connector) => {
      const before = { ...connector.config, "poll.interval.ms": "500" };
      connector.taskConfigs = [before];
      setTimeout(() => {
        connector.taskConfigs = [connector.config];
      }, 100);
    };
    const started = Date.now();
    const { outs } = await provider.update(NAME, olds, inputs({ config }));

    expect(outs).toMatchObject({ config, state: "RUNNING" });
    expect(connect.connectors.get(NAME)?.config["poll.interval.ms"]).toBe("50");
    expect(Date.now() - started).toBeGreaterThan(100);
  });

  it("leaves the old connector running, and the state true, when Connect refuses the new config", async () => {
    const olds = await created();
    connect.interrupt(/PUT .*config/, { status: 400, body: { error_code: 400, message: "no" } });
    const failure = await failureOf(
      provider.update(NAME, olds, inputs({ config: { ...olds.config, x: "y" } })),
    );

    expect(failure.id).toBeUndefined();
    expect(connect.connectors.get(NAME)?.config).not.toHaveProperty("x");
  });

  it("brings a failed task back, without taking its old failure for a new one", async () => {
    const olds = await created();
    const failed = statusOf(NAME, "RUNNING", { state: "FAILED", trace: TRACE });
    const connector = connect.connectors.get(NAME);
    if (connector) connector.status = failed;
    connect.onWrite = () => {};
    connect.onRestart = (restarted) => {
      restarted.status = failed;
      setTimeout(() => run(restarted), 60);
    };

    const { outs } = await provider.update(NAME, olds, inputs());
    expect(outs.state).toBe("RUNNING");
  });

  it("fails when the task fails again in the same way", async () => {
    const olds = await created();
    const failed = statusOf(NAME, "RUNNING", { state: "FAILED", trace: TRACE });
    const connector = connect.connectors.get(NAME);
    if (connector) connector.status = failed;
    connect.onWrite = () => {};
    connect.onRestart = () => {};

    expect((await failureOf(provider.update(NAME, olds, inputs()))).properties.state).toBe("FAILED");
  });

  it("resumes a connector that was paused or stopped by hand", async () => {
    const olds = await created();
    const connector = connect.connectors.get(NAME);
    if (connector) connector.status = statusOf(NAME, "PAUSED", { state: "PAUSED" });
    connect.onWrite = () => {};

    expect((await provider.update(NAME, olds, inputs())).outs.state).toBe("RUNNING");
  });
});

describe("a connector that is to be still", () => {
  const changes = () => connect.calls.filter((call) => !call.startsWith("GET"));

  it.each(["paused", "stopped"] as const)("is made %s", async (desiredState) => {
    const outs = await created({ desiredState });
    expect(outs.state).toBe(desiredState.toUpperCase());
    expect(changes()).toEqual(["POST /connectors"]);
    expect(await provider.diff(NAME, outs, inputs({ desiredState }))).toMatchObject({ changes: false });
  });

  it("is halted before it gets another config, and got going after that", async () => {
    const olds = await created();
    connect.onWrite = () => {};
    connect.calls.length = 0;
    const config = { ...olds.config, "poll.interval.ms": "50" };
    const { outs } = await provider.update(NAME, olds, inputs({ config, desiredState: "stopped" }));
    expect(outs).toMatchObject({ state: "STOPPED", config });
    expect(changes().slice(-2)).toEqual([`PUT ${PATH}/stop`, `PUT ${PATH}/config`]);
    expect((await provider.update(NAME, outs, inputs({ config }))).outs.state).toBe("RUNNING");
  });

  it("runs on when Connect would refuse the config that it is halted for", async () => {
    const olds = await created();
    connect.validation = { x: ["no"] };
    const failure = await failureOf(
      provider.update(NAME, olds, inputs({ config: { ...olds.config, x: "y" }, desiredState: "stopped" })),
    );
    expect(failure.message).toContain('config["x"]: no');
    expect(failure.id).toBeUndefined();
    expect(connect.connectors.get(NAME)?.status.connector.state).toBe("RUNNING");
  });

  it("differs when it runs, by its state alone", async () => {
    const olds = await created();
    const wanted = inputs({ desiredState: "paused" });
    expect(await provider.diff(NAME, olds, wanted)).toMatchObject({ changes: true, replaces: [] });
  });
});

describe("a connector's offsets", () => {
  const set = [{ partition: { server: "a" }, offset: { lsn: 1 } }];
  let said: string;
  beforeEach(() => {
    said = "";
    vi.spyOn(console, "error").mockImplementation((text) => {
      said += text;
    });
  });

  it("are forgotten once for each trigger, on a stopped connector that runs again afterwards", async () => {
    const olds = await created();
    const wanted = inputs({ offsets: { reset: "a" } });
    expect(await provider.diff(NAME, olds, wanted)).toMatchObject({ changes: true, replaces: [] });
    expect(said).toContain("its offsets forgotten");
    connect.calls.length = 0;
    const { outs } = await provider.update(NAME, olds, wanted);
    expect(outs.state).toBe("RUNNING");
    const done = connect.calls.filter((call) => !call.startsWith("GET"));
    expect(done).toEqual([
      "POST /connectors",
      `PUT ${PATH}/stop`,
      `DELETE ${PATH}/offsets`,
      `PUT ${PATH}/resume`,
    ]);
    expect(await provider.diff(NAME, outs, wanted)).toMatchObject({ changes: false });
    expect(await provider.diff(NAME, outs, inputs())).toMatchObject({ changes: false });
  });

  it("are set for each trigger", async () => {
    const olds = await created();
    await provider.update(NAME, olds, inputs({ offsets: { set, trigger: "a" } }));
    expect(connect.count(`PATCH ${PATH}/offsets`)).toBe(1);
  });

  it("of a new connector are set only if Connect has none, and never forgotten", async () => {
    connect.offsets.add(NAME);
    await created({ offsets: { set, trigger: "a" } });
    expect(connect.count(`PATCH ${PATH}/offsets`)).toBe(0);
    connect.connectors.clear();
    connect.offsets.clear();
    await created({ offsets: { set, trigger: "a" } });
    expect(connect.count(`PATCH ${PATH}/offsets`)).toBe(1);
    connect.connectors.clear();
    await created({ offsets: { reset: "a" } });
    expect(connect.count(`DELETE ${PATH}/offsets`)).toBe(0);
  });

  it("leave the connector running when Connect refuses them", async () => {
    const olds = await created();
    connect.interrupt(/PATCH/, { status: 400, body: { error_code: 400, message: "no such partition" } });
    const failure = await failureOf(provider.update(NAME, olds, inputs({ offsets: { set, trigger: "a" } })));
    expect(failure.message).toContain("no such partition");
    expect(connect.connectors.get(NAME)?.status.connector.state).toBe("RUNNING");
  });
});

describe("reading a connector", () => {
  it("finds nothing to change right after a create", async () => {
    const olds = await created();
    const read = await provider.read(NAME, olds);

    expect(read).toEqual({ id: NAME, props: olds, inputs: inputs() });
    expect(await provider.diff(NAME, read.props, inputs())).toMatchObject({ changes: false, replaces: [] });
  });

  it("shows a config that was edited by hand, which the next update puts back", async () => {
    const olds = await created();
    const live = connect.connectors.get(NAME);
    if (live) live.config = { ...live.config, "poll.interval.ms": "9000" };
    const read = await provider.read(NAME, olds);

    expect(read.props.config["poll.interval.ms"]).toBe("9000");
    expect(read.inputs.config).toEqual(read.props.config);
    expect(await provider.diff(NAME, read.props, inputs())).toMatchObject({ changes: true, replaces: [] });
    await provider.update(NAME, read.props, inputs());
    expect(connect.connectors.get(NAME)?.config).toEqual({ ...inputs().config, name: NAME });
  });

  it("shows a connector that was paused by hand as a change", async () => {
    const olds = await created();
    const live = connect.connectors.get(NAME);
    if (live) live.status = statusOf(NAME, "PAUSED", { state: "PAUSED" });
    const { props } = await provider.read(NAME, olds);

    expect(props.state).toBe("PAUSED");
    expect(await provider.diff(NAME, props, inputs())).toMatchObject({ changes: true });
  });

  it("waits out a rebalance instead of showing it as drift", async () => {
    const olds = await created();
    const live = connect.connectors.get(NAME);
    if (live) {
      live.status = statusOf(NAME, "RUNNING", { state: "UNASSIGNED" });
      setTimeout(() => run(live), 60);
    }

    expect((await provider.read(NAME, olds)).props.state).toBe("RUNNING");
  });

  it("finds one by its address alone", async () => {
    await created();
    const read = await provider.read(`${connect.url}/connectors/${NAME}`, {} as ConnectorOutputs);
    expect(read.props).toMatchObject({ connectUrl: connect.url, name: NAME, state: "RUNNING" });
    expect(await provider.diff(NAME, { ...read.props, timeoutSeconds: 10 }, inputs())).toMatchObject({
      changes: false,
    });
  });

  it("has a blank id when the connector was deleted behind our back", async () => {
    const config = { "connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector" };
    const olds = await created({ config });
    connect.connectors.delete(NAME);

    expect((await provider.read(NAME, olds)).id).toBe("");
  });

  it("is missing, but not gone, when one that has a replication slot was deleted behind our back", async () => {
    const olds = await created();
    connect.connectors.delete(NAME);
    const { id, props } = await provider.read(NAME, olds);

    expect([id, props?.state]).toEqual([NAME, "MISSING"]);
    expect((await provider.diff(NAME, props, inputs())).changes).toBe(true);
  });

  it("does not take an unreachable or a starting Connect for a deleted connector", async () => {
    const olds = await created({ timeoutSeconds: 0.3 });
    connect.interrupt(/GET .*config/, ...Array.from({ length: 900 }, () => ({ status: 404 })));
    const starting = await provider.read(NAME, olds);
    expect([starting.id, starting.props]).toEqual([NAME, { ...olds, state: "UNREACHABLE" }]);
    await connect.stop();
    const { id, props } = await provider.read(NAME, olds);
    expect([id, props]).toEqual([NAME, { ...olds, state: "UNREACHABLE" }]);
    expect((await provider.diff(NAME, props, inputs())).changes).toBe(true);
  });
});

describe("deleting a connector", () => {
  const outputs = (olds: ConnectorOutputs): ConnectorOutputs => ({ ...olds, dropOnDelete: false });

  it("stops it, forgets its offsets, deletes it and waits until it is gone", async () => {
    const olds = outputs(await created());
    connect.calls.length = 0;
    await provider.delete(NAME, olds);

    expect(connect.connectors.size).toBe(0);
    expect(connect.offsets.size).toBe(0);
    const changes = connect.calls.filter((call) => !call.startsWith("GET"));
    expect(changes).toEqual([`PUT ${PATH}/stop`, `DELETE ${PATH}/offsets`, `DELETE ${PATH}`]);
  });

  it("repeats each step that a rebalance turns down", async () => {
    const olds = outputs(await created());
    connect.interrupt(/stop/, REBALANCING);
    connect.interrupt(/offsets/, REBALANCING, REBALANCING);
    connect.interrupt(/DELETE \/connectors\/[^/]+$/, REBALANCING);
    await provider.delete(NAME, olds);

    expect(connect.connectors.size + connect.offsets.size).toBe(0);
  });

  it("is content when the connector is gone already, or goes half-way", async () => {
    const olds = outputs(await created());
    connect.interrupt(/DELETE \/connectors\/[^/]+\/offsets/, {
      status: 404,
      body: { error_code: 404, message: "Connector x not found" },
    });
    await provider.delete(NAME, olds);
    await provider.delete(NAME, olds);

    expect(connect.connectors.size).toBe(0);
  });

  it("says that offsets stay when Connect does not let them go, and goes on", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const olds = outputs(await created());
    connect.interrupt(/offsets/, { status: 400, body: { error_code: 400, message: "not now" } });
    await provider.delete(NAME, olds);

    expect(connect.connectors.size).toBe(0);
    expect(said.mock.calls.join()).toContain(`the offsets of connector ${NAME} stay in Connect (not now)`);
  });

  it("goes through when Connect and PostgreSQL are both gone and were of the same stack, saying so", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const olds = await created();
    await connect.stop();
    const port = Number(new URL(connect.url).port);
    const database = {
      host: "127.0.0.1",
      port,
      user: "postgres",
      password: "not-to-be-seen",
      database: "postgres",
    };
    const deletedAlong: ConnectorInputs["deletedAlong"] = ["connect", "database"];
    await provider.delete(NAME, { ...olds, database, dropOnDelete: true, deletedAlong });

    const text = said.mock.calls.flat().join("\n");
    expect(text).toContain(`connector ${NAME} was not deleted`);
    expect(text).toContain(`PostgreSQL at 127.0.0.1:${port} cannot be reached`);
    expect(text).toContain("Its replication slot goes with that server");
    expect(text).not.toContain("not-to-be-seen");
  });

  it("fails, with what to do by hand, when Connect and PostgreSQL are someone else's and cannot be reached", async () => {
    const olds = await created();
    await connect.stop();
    const port = Number(new URL(connect.url).port);
    const access = { host: "127.0.0.1", port, user: "postgres", password: "not-to-be-seen" };
    const database = { ...access, database: "postgres" };
    const failure = await provider
      .delete(NAME, { ...olds, database, dropOnDelete: true })
      .catch((error: Error) => error.message);

    expect(failure).toContain(`curl -X DELETE ${connect.url}${PATH}`);
    expect(failure).toContain(`PostgreSQL at 127.0.0.1:${port} cannot be reached`);
    expect(failure).toMatch(/pg_drop_replication_slot.*'cdc_dbserver2'/);
    expect(failure).toContain("CDC_LEAVE_BEHIND=1 npm run destroy");
    expect(failure).not.toContain("not-to-be-seen");
  });

  it("leaves them there when told so for this run", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const olds = await created();
    await connect.stop();
    vi.stubEnv("CDC_LEAVE_BEHIND", "1");
    await provider.delete(NAME, olds);

    expect(said.mock.calls.flat().join("\n")).toMatch(/was not deleted.*its replication slot stays/s);
  });

  it("fails with the SQL to run when it was given no way into the database", async () => {
    await expect(provider.delete(NAME, await created())).rejects.toThrow(
      /its replication slot stays.*pg_drop_replication_slot/s,
    );
    expect(connect.connectors.size).toBe(0);
  });

  it("asks Connect once to forget offsets that it cannot forget while Kafka is down, and drops the connector", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const olds = outputs(await created());
    const timedOut = { error_code: 500, message: "Timed out while waiting to describe topic config" };
    connect.interrupt(/DELETE .*offsets/, { status: 500, body: timedOut });
    await provider.delete(NAME, olds);

    expect(connect.count(`DELETE ${PATH}/offsets`)).toBe(1);
    expect(connect.connectors.size).toBe(0);
    expect(said.mock.calls.join()).toContain("stay in Connect");
  });

  it("forgets also the offsets of a connector that was deleted by hand", async () => {
    const olds = outputs(await created());
    connect.connectors.delete(NAME);
    await provider.delete(NAME, olds);

    expect(connect.offsets.size + connect.connectors.size).toBe(0);
  });
});
