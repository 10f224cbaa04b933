import { setTimeout as pause } from "node:timers/promises";
import axios, { AxiosError, type AxiosInstance, type AxiosRequestConfig } from "axios";
import axiosRetry from "axios-retry";
import { sameConfig } from "../debezium/config";
import { withExactTables } from "../debezium/postgres";
import type { Pacing } from "../pacing";
import { answerText, isPassingAnswer, isPassingNetworkError, isServerTimeout, saysNotFound } from "./answers";
import {
  type ConnectApi,
  ConnectBusy,
  ConnectError,
  type ConnectorConfig,
  ConnectorMissing,
  type ConnectorOffset,
  type ConnectorStatus,
  ConnectUnreachable,
  type Validation,
} from "./api";

/** Where Connect is, and until when its answers are wanted. */
export interface ConnectClientOptions {
  /** Base URL of a worker's REST interface, such as `http://localhost:8083`. */
  readonly url: string;
  /** The time (`Date.now()`) after which no call is repeated any more. */
  readonly deadline: number;
  /** Silence, in milliseconds, after which Connect counts as unreachable even before the deadline. */
  readonly unreachableAfter?: number;
  readonly pacing: Pacing;
}

interface ValidationAnswer {
  readonly configs: readonly {
    readonly definition: object | null;
    readonly value: { readonly name: string; readonly errors: readonly string[] };
  }[];
}

/** Kafka Connect's REST interface over HTTP, repeating what passes by itself until the deadline. */
export class ConnectClient implements ConnectApi {
  private readonly http: AxiosInstance;
  private lastHeard = Date.now();

  constructor(private readonly options: ConnectClientOptions) {
    // A proxy from the environment is meant for the internet, and would get the database's settings to see.
    this.http = axios.create({
      baseURL: options.url,
      timeout: options.pacing.call,
      proxy: false,
      // Also for calls without a body: axios would call it a form, and Connect turns forms down with 415.
      headers: { "Content-Type": "application/json", Accept: "application/json" },
    });
    axiosRetry(this.http, {
      retries: Number.MAX_SAFE_INTEGER,
      shouldResetTimeout: true,
      retryCondition: (error) => this.isWorthRepeating(error),
      retryDelay: (repeat) => this.pauseBefore(repeat),
    });
  }

  readConfig(name: string): Promise<ConnectorConfig | undefined> {
    return this.unlessMissing(this.call<ConnectorConfig>({ url: `${path(name)}/config` }));
  }

  readStatus(name: string): Promise<ConnectorStatus | undefined> {
    return this.unlessMissing(this.call<ConnectorStatus>({ url: `${path(name)}/status` }));
  }

  async readTaskConfigs(name: string): Promise<readonly ConnectorConfig[]> {
    const tasks = await this.unlessMissing(
      this.call<{ readonly config: ConnectorConfig }[]>({ url: `${path(name)}/tasks` }),
    );
    return (tasks ?? []).map((task) => task.config);
  }

  async writeConfig(name: string, config: ConnectorConfig): Promise<void> {
    const put: AxiosRequestConfig = {
      method: "PUT",
      url: `${path(name)}/config`,
      data: withExactTables(config),
      timeout: this.options.pacing.validatingCall,
      "axios-retry": { retryCondition: (error) => !hasTimedOut(error) && this.isWorthRepeating(error) },
    };
    for (let repeat = 1; ; repeat++) {
      const outcome = await this.http.request(put).catch((error: unknown) => error);
      if (!(outcome instanceof Error)) return;
      const mayBeDone = outcome instanceof AxiosError && hasTimedOut(outcome);
      if (!mayBeDone || !this.isInTime()) throw this.explain(outcome);
      // A PUT that got no answer in time may have been carried out all the same.
      const live = await this.readConfig(name);
      if (live && sameConfig(live, config)) return;
      await pause(this.pauseBefore(repeat));
    }
  }

  async create(
    name: string,
    config: ConnectorConfig,
    state: "RUNNING" | "PAUSED" | "STOPPED",
  ): Promise<boolean> {
    const post: AxiosRequestConfig = {
      method: "POST",
      url: "/connectors",
      data: { name, config: withExactTables(config), initial_state: state },
      timeout: this.options.pacing.validatingCall,
      "axios-retry": {
        retryCondition: (error) => !saysExists(error) && this.isWorthRepeating(error),
      },
    };
    try {
      await this.http.request(post);
      return true;
    } catch (error) {
      if (saysExists(error)) return false;
      throw this.explain(error);
    }
  }

  async readOffsets(name: string): Promise<readonly ConnectorOffset[]> {
    const answer = await this.unlessMissing(
      this.call<{ readonly offsets: readonly ConnectorOffset[] }>({ url: `${path(name)}/offsets` }),
    );
    return answer?.offsets ?? [];
  }

  async writeOffsets(name: string, offsets: readonly ConnectorOffset[]): Promise<void> {
    await this.call({ method: "PATCH", url: `${path(name)}/offsets`, data: { offsets } });
  }

  async validateConfig(name: string, config: ConnectorConfig): Promise<Validation> {
    const answer = await this.call<ValidationAnswer>({
      method: "PUT",
      url: `/connector-plugins/${encodeURIComponent(config["connector.class"] ?? "")}/config/validate`,
      data: { ...withExactTables(config), name },
      timeout: this.options.pacing.validatingCall,
    });
    return {
      errors: answer.configs
        .map(({ value }) => ({ property: value.name, errors: value.errors }))
        .filter(({ errors }) => errors.length > 0),
      // Connect repeats a client's setting that it does not know, without a definition.
      keys: answer.configs.flatMap(({ definition, value }) => (definition ? [value.name] : [])),
    };
  }

  async restartFailed(name: string): Promise<void> {
    await this.call({
      method: "POST",
      url: `${path(name)}/restart`,
      params: { includeTasks: true, onlyFailed: true },
    });
  }

  async resume(name: string): Promise<void> {
    await this.call({ method: "PUT", url: `${path(name)}/resume` });
  }

  async pause(name: string): Promise<void> {
    await this.call({ method: "PUT", url: `${path(name)}/pause` });
  }

  async stop(name: string): Promise<void> {
    await this.unlessMissing(this.call({ method: "PUT", url: `${path(name)}/stop` }));
  }

  async deleteOffsets(name: string): Promise<void> {
    await this.unlessMissing(
      this.call({
        method: "DELETE",
        url: `${path(name)}/offsets`,
        timeout: this.options.pacing.forgettingCall,
        // Connect does one such thing at a time: while Kafka is down, each further try would wait behind the first.
        "axios-retry": { retryCondition: (error) => !hasTimedOut(error) && this.isWorthRepeating(error) },
      }),
    );
  }

  async deleteConnector(name: string): Promise<void> {
    await this.unlessMissing(this.call({ method: "DELETE", url: path(name) }));
  }

  private async call<T>(request: AxiosRequestConfig): Promise<T> {
    try {
      const answer = await this.http.request<T>(request);
      this.lastHeard = Date.now();
      return answer.data;
    } catch (error) {
      throw this.explain(error);
    }
  }

  private async unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof ConnectorMissing) return undefined;
      throw error;
    }
  }

  private isWorthRepeating(error: AxiosError): boolean {
    if (error.response) this.lastHeard = Date.now();
    if (!this.isInTime()) return false;
    const { response } = error;
    if (!response) return isPassingNetworkError(networkCode(error));
    const repeats = error.config?.["axios-retry"]?.retryCount ?? 0;
    return isPassingAnswer(response.status, response.data, repeats);
  }

  private isInTime(): boolean {
    const now = Date.now();
    const { deadline, unreachableAfter } = this.options;
    return now < deadline && (unreachableAfter === undefined || now - this.lastHeard < unreachableAfter);
  }

  private pauseBefore(repeat: number): number {
    const { firstPause, longestPause } = this.options.pacing;
    return Math.min(firstPause * 2 ** Math.min(repeat - 1, 20), longestPause);
  }

  /** An error without the request in it: that one carries the config. */
  private explain(error: unknown): ConnectError {
    const { url } = this.options;
    if (!(error instanceof AxiosError)) return new ConnectError(String(error));
    const { response } = error;
    if (response) {
      const { status, data } = response;
      const found = answerText(status, data);
      if (saysNotFound(status, data)) return new ConnectorMissing(found, status);
      if (isPassingAnswer(status, data, Number.POSITIVE_INFINITY)) {
        const problem = `Kafka Connect at ${url} still answers HTTP ${status} (${found}). ${WHERE_TO_LOOK}`;
        return new ConnectBusy(problem, status);
      }
      return new ConnectError(
        status < 500 ? found : `Kafka Connect answers HTTP ${status}: ${found}`,
        status,
      );
    }
    const code = networkCode(error);
    return isPassingNetworkError(code)
      ? new ConnectUnreachable(
          `Kafka Connect at ${url} cannot be reached (${code === "ECONNABORTED" ? "no answer in time" : code}). ${WHERE_TO_LOOK}`,
        )
      : new ConnectError(`Kafka Connect's URL ${url} does not work (${code}): check connectUrl.`);
  }
}

/** For reading and deleting: a Connect that is not there will hardly come up meanwhile. */
export function impatientClient(url: string, pacing: Pacing): ConnectClient {
  return new ConnectClient({
    url,
    deadline: Date.now() + pacing.readOrDelete,
    unreachableAfter: pacing.unreachable,
    pacing,
  });
}

export const WHERE_TO_LOOK =
  "Look at the worker: `docker ps --filter label=cdc.service=kafka-connect`, then `docker logs` of that container.";

function path(name: string): string {
  return `/connectors/${encodeURIComponent(name)}`;
}

/** Connect answers 409 both for a rebalance and for a name that is taken. */
function saysExists(error: unknown): boolean {
  return (
    error instanceof AxiosError &&
    error.response?.status === 409 &&
    /already exists/.test(answerText(409, error.response.data))
  );
}

function hasTimedOut(error: AxiosError): boolean {
  const { response } = error;
  return response
    ? isServerTimeout(response.status, response.data)
    : ["ECONNABORTED", "ETIMEDOUT", "ECONNRESET"].includes(networkCode(error) ?? "");
}

/** `localhost` is tried on two addresses; the error of both failing carries its code one level down. */
function networkCode(error: AxiosError): string | undefined {
  const nested = (error.cause as { errors?: { code?: string }[] } | undefined)?.errors;
  return error.code ?? nested?.[0]?.code;
}
