import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ConnectorConfig, ConnectorStatus, RunState } from "../../../providers/kafka-connect/rest/api";

/** What is said instead of the regular answer: an HTTP answer, silence, or a cut connection. */
export type Interruption =
  | { readonly status: number; readonly body?: unknown }
  | { readonly silence: "before" | "after doing it" };

interface Connector {
  config: ConnectorConfig;
  taskConfigs: ConnectorConfig[];
  status: ConnectorStatus;
}

const WORKER = "kafka-connect:8083";

/** A small Kafka Connect: keeps connectors, answers as the real one does, and can be told to be difficult. */
export class ConnectServer {
  readonly connectors = new Map<string, Connector>();
  readonly offsets = new Set<string>();
  /** The committed offset of every connector that has one. */
  offset: Record<string, unknown> = {};
  /** Every call, as `PUT /connectors/a/config`. */
  readonly calls: string[] = [];
  /** The status each new or changed connector gets; by default it runs with one task. */
  onWrite: (connector: Connector) => void = (connector) => run(connector);
  onRestart: (connector: Connector) => void = (connector) => run(connector);
  /** What the validation endpoint finds, key to errors. */
  validation: Record<string, string[]> = {};
  private interruptions: { call: RegExp; with: Interruption }[] = [];
  private server: Server | undefined;
  private port = 0;

  /** Listens; on the port of last time, if there was one. */
  async start(): Promise<this> {
    const server = createServer((request, response) => void this.handle(request, response));
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The next calls that match are answered so, one after the other, before the regular answer is given again. */
  interrupt(call: RegExp, ...answers: Interruption[]): void {
    for (const answer of answers) this.interruptions.push({ call, with: answer });
  }

  /** How often a call was made. */
  count(call: string): number {
    return this.calls.filter((made) => made === call).length;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", this.url);
    const call = `${request.method} ${pathname}`;
    this.calls.push(call);
    const body = await readBody(request);
    const index = this.interruptions.findIndex((interruption) => interruption.call.test(call));
    const [interruption] = index < 0 ? [] : this.interruptions.splice(index, 1);
    if (interruption) {
      if ("status" in interruption.with)
        return answer(response, interruption.with.status, interruption.with.body);
      if (interruption.with.silence === "after doing it")
        this.regularAnswer(request.method ?? "", pathname, body);
      return;
    }
    if (
      !["GET", "DELETE"].includes(request.method ?? "") &&
      !/json/.test(request.headers["content-type"] ?? "")
    ) {
      return answer(response, 415, { error_code: 415, message: "HTTP 415 Unsupported Media Type" });
    }
    const [status, content] = this.regularAnswer(request.method ?? "", pathname, body);
    answer(response, status, content);
  }

  private regularAnswer(method: string, path: string, body: unknown): [number, unknown?] {
    const [, collection, encoded = "", detail] = path.split("/");
    const name = decodeURIComponent(encoded);
    if (collection === "connector-plugins") {
      if (!(body as ConnectorConfig).name) this.validation.name = ['Missing required configuration "name"'];
      const configs = Object.entries(this.validation).map(([key, errors]) => ({
        definition: { name: key },
        value: { name: key, errors },
      }));
      return [200, { name, error_count: configs.length, configs }];
    }
    if (method === "POST" && encoded === "") {
      const {
        name: created,
        config,
        initial_state,
      } = body as { name: string; config: ConnectorConfig; initial_state: RunState };
      if (this.connectors.has(created)) {
        return [409, { error_code: 409, message: `Connector ${created} already exists` }];
      }
      this.connectors.set(created, {
        config: { ...config, name: created },
        taskConfigs: [],
        status: statusOf(created, initial_state),
      });
      return [201, { name: created, config, tasks: [], type: "source" }];
    }
    const connector = this.connectors.get(name);
    if (method === "PUT" && detail === "config") {
      const config = { ...(body as ConnectorConfig), name };
      const written = {
        config,
        taskConfigs: [config],
        status: connector?.status ?? statusOf(name, "UNASSIGNED"),
      };
      this.connectors.set(name, written);
      this.offsets.add(name);
      this.onWrite(written);
      return [connector ? 200 : 201, { name, config, tasks: [], type: "source" }];
    }
    if (!connector) return [404, { error_code: 404, message: `Connector ${name} not found` }];
    if (method === "GET" && detail === "status") return [200, connector.status];
    if (method === "GET" && detail === "config") return [200, connector.config];
    if (method === "GET" && detail === "tasks") {
      return [200, connector.taskConfigs.map((config, task) => ({ id: { connector: name, task }, config }))];
    }
    if (method === "POST" && detail === "restart") {
      this.onRestart(connector);
      return [202, connector.status];
    }
    if (method === "PUT" && detail === "resume") {
      connector.taskConfigs = [connector.config];
      this.offsets.add(name);
      run(connector);
      return [202];
    }
    if (method === "PUT" && detail === "pause") {
      connector.status = statusOf(name, "PAUSED", { state: "PAUSED" });
      return [202];
    }
    if (method === "PUT" && detail === "stop") {
      connector.status = statusOf(name, "STOPPED");
      return [204];
    }
    if (method === "GET" && detail === "offsets") {
      return [200, { offsets: this.offsets.has(name) ? [{ partition: {}, offset: this.offset }] : [] }];
    }
    if (["DELETE", "PATCH"].includes(method) && detail === "offsets") {
      if (connector.status.connector.state !== "STOPPED") {
        const message = "Connectors must be in the STOPPED state before their offsets can be modified.";
        return [400, { error_code: 400, message }];
      }
      if (method === "DELETE") this.offsets.delete(name);
      else this.offsets.add(name);
      return [200, { message: "The offsets for this connector have been changed successfully" }];
    }
    if (method === "DELETE" && detail === undefined) {
      this.connectors.delete(name);
      return [204];
    }
    return [405, { error_code: 405, message: "HTTP 405 Method Not Allowed" }];
  }
}

export function statusOf(
  name: string,
  state: RunState,
  ...tasks: { state: RunState; trace?: string }[]
): ConnectorStatus {
  return {
    name,
    connector: { state, worker_id: WORKER },
    tasks: tasks.map((task, id) => ({ id, worker_id: WORKER, ...task })),
    type: "source",
  };
}

export function run(connector: Connector): void {
  connector.status = statusOf(connector.status.name, "RUNNING", { state: "RUNNING" });
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text === "" ? undefined : JSON.parse(text);
}

function answer(response: ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
