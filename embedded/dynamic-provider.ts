/** Dynamic providers: the SDK's own `cmd/dynamic-provider` in a child process, spoken to by gRPC. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import * as providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import * as status from "@pulumi/pulumi/proto/status_pb";
import { FAST_START, startSdkProcess } from "./child-process";
import { MESSAGE_LIMITS } from "./message-limits";
import { fromStruct, toStruct } from "./property-struct";
import { changedNames } from "./property-values";
import {
  type Diff,
  PartialFailure,
  type Properties,
  type ProviderPackage,
  type ResourceProvider,
} from "./provider";

/** The package of the types `pulumi-nodejs:dynamic:Resource` and `pulumi-nodejs:dynamic/<module>:<Type>`. */
export const DYNAMIC_PACKAGE = "pulumi-nodejs";

export interface DynamicProviderOptions {
  /** Directory in which the providers run. */
  projectDir: string;
  project: string;
  stack: string;
  /** The stack's configuration, secrets in clear, for providers that have a `configure`. */
  config: Record<string, string>;
  /** Gets what the providers print. */
  onOutput(line: string): void;
}

/** @returns The package, whose process starts with the first request, or ahead of it with `warmUp`. */
export function dynamicProviderPackage(
  options: DynamicProviderOptions,
): ProviderPackage & { warmUp(): void } {
  let host: Promise<DynamicProviderHost> | undefined;
  const start = () => {
    host ??= DynamicProviderHost.start(options);
    return host;
  };
  const resource = dynamicResource(start);
  return {
    resource: (type) => (/^pulumi-nodejs:dynamic[/:]/.test(type) ? resource : undefined),
    // Whoever asks next gets to know why it did not start.
    warmUp: () => void start().catch(() => undefined),
    close: async () => (await host?.catch(() => undefined))?.stop(),
  };
}

function dynamicResource(start: () => Promise<DynamicProviderHost>): ResourceProvider {
  return {
    async check({ urn, oldInputs, newInputs }) {
      const request = new provider.CheckRequest();
      request.setUrn(urn);
      request.setOlds(toStruct(oldInputs ?? {}));
      request.setNews(toStruct(newInputs));
      const response = await (await start()).call<provider.CheckResponse>("check", request);
      return {
        inputs: fromStruct(response.getInputs()),
        failures: response
          .getFailuresList()
          .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
      };
    },

    async diff({ urn, id, oldInputs, oldOutputs, newInputs }) {
      const request = new provider.DiffRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setOldInputs(toStruct(oldInputs));
      request.setOlds(toStruct(oldOutputs));
      request.setNews(toStruct(newInputs));
      const response = await (await start()).call<provider.DiffResponse>("diff", request);
      return toDiff(response, oldInputs, oldOutputs, newInputs);
    },

    async create({ urn, inputs, timeoutSeconds }) {
      const request = new provider.CreateRequest();
      request.setUrn(urn);
      request.setProperties(toStruct(inputs));
      request.setTimeout(timeoutSeconds ?? 0);
      const response = await (await start()).call<provider.CreateResponse>("create", request);
      return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
    },

    async read({ urn, id, inputs, outputs }) {
      const request = new provider.ReadRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setInputs(toStruct(inputs));
      request.setProperties(toStruct(outputs));
      const response = await (await start()).call<provider.ReadResponse>("read", request);
      if (response.getId() === "") {
        return undefined;
      }
      return {
        id: response.getId(),
        inputs: response.hasInputs() ? fromStruct(response.getInputs()) : inputs,
        outputs: fromStruct(response.getProperties()),
      };
    },

    async update({ urn, id, inputs, oldInputs, oldOutputs, timeoutSeconds }) {
      const request = new provider.UpdateRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setOldInputs(toStruct(oldInputs));
      request.setOlds(toStruct(oldOutputs));
      request.setNews(toStruct(inputs));
      request.setTimeout(timeoutSeconds ?? 0);
      const response = await (await start()).call<provider.UpdateResponse>("update", request);
      return { outputs: fromStruct(response.getProperties()) };
    },

    async delete({ urn, id, inputs, outputs }) {
      const request = new provider.DeleteRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setOldInputs(toStruct(inputs));
      request.setProperties(toStruct(outputs));
      await (await start()).call("delete", request);
    },
  };
}

/** The provider says only whether there are changes; which ones follows from the properties. */
function toDiff(
  response: provider.DiffResponse,
  oldInputs: Properties,
  oldOutputs: Properties,
  newInputs: Properties,
): Diff {
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  const replaces = response.getReplacesList();
  const differing = changedNames(oldInputs, newInputs);
  const changes = response.getChanges();
  if (changes === DIFF_NONE && replaces.length === 0) {
    return { changed: [], replaces: [], deleteBeforeReplace: false };
  }
  // Without a `diff` of its own a provider wants what differs in the inputs.
  if (changes !== DIFF_SOME && replaces.length === 0) {
    return { changed: differing, replaces: [], deleteBeforeReplace: false };
  }
  const drifted = changedNames(oldOutputs, newInputs).filter(
    (name) => name in oldOutputs && name in newInputs,
  );
  const names = [...new Set([...replaces, ...(differing.length > 0 ? differing : drifted)])];
  return {
    changed: names.length > 0 ? names : ["(as its provider says)"],
    replaces,
    deleteBeforeReplace: response.getDeletebeforereplace(),
  };
}

class DynamicProviderHost {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: providerGrpc.ResourceProviderClient,
    private readonly errors: string[],
  ) {}

  static async start(options: DynamicProviderOptions): Promise<DynamicProviderHost> {
    const fromProject = createRequire(join(options.projectDir, "package.json"));
    const errors: string[] = [];
    let announcePort: (port: string) => void;
    const port = new Promise<string>((resolve) => {
      announcePort = resolve;
    });
    let lines = 0;
    const child = startSdkProcess({
      // The engine's address is a required argument that the SDK does not use.
      args: [
        "--require",
        FAST_START,
        fromProject.resolve("@pulumi/pulumi/cmd/dynamic-provider"),
        "127.0.0.1:0",
      ],
      cwd: options.projectDir,
      env: {
        PULUMI_NODEJS_PROJECT: options.project,
        PULUMI_NODEJS_STACK: options.stack,
        PULUMI_CONFIG: JSON.stringify(options.config),
      },
      onOutput: (line) => (lines++ === 0 ? announcePort(line.trim()) : options.onOutput(line)),
      onError: (line) => {
        errors.push(line);
        options.onOutput(line);
      },
    });
    const ended = once(child, "exit").then(() => {
      throw new Error(`The dynamic provider process did not start:\n${errors.slice(-20).join("\n")}`);
    });
    ended.catch(() => undefined);
    const address = `127.0.0.1:${await Promise.race([port, ended])}`;
    const client = new providerGrpc.ResourceProviderClient(
      address,
      credentials.createInsecure(),
      MESSAGE_LIMITS,
    );
    const host = new DynamicProviderHost(child, client, errors);
    await host.configure(options.config);
    return host;
  }

  private async configure(config: Record<string, string>): Promise<void> {
    const request = new provider.ConfigureRequest();
    request.setArgs(toStruct(config));
    await this.call("configure", request);
  }

  call<Response>(
    method: "check" | "diff" | "create" | "read" | "update" | "delete" | "configure",
    request: object,
  ) {
    const client = this.client as unknown as Record<
      string,
      (request: object, callback: (error: ServiceError | null, response: Response) => void) => void
    >;
    return new Promise<Response>((resolve, reject) => {
      client[method]?.(request, (error, response) =>
        error === null ? resolve(response) : reject(this.explain(error)),
      );
    });
  }

  /** The provider's own error; one that carries an id means that the resource exists all the same. */
  private explain(error: ServiceError): Error {
    if (this.child.exitCode !== null || this.child.signalCode !== null) {
      return new Error(`The dynamic provider process ended:\n${this.errors.slice(-20).join("\n")}`);
    }
    const details = error.metadata?.get("grpc-status-details-bin")[0];
    const failure = details instanceof Buffer ? initFailure(details) : undefined;
    if (failure === undefined) {
      return new Error(error.details);
    }
    const reasons = failure.getReasonsList();
    const message = reasons.length > 0 ? reasons.join("; ") : error.details;
    return new PartialFailure(message, failure.getId(), fromStruct(failure.getProperties()));
  }

  stop(): void {
    this.client.close();
    this.child.kill("SIGKILL");
  }
}

function initFailure(details: Uint8Array): provider.ErrorResourceInitFailed | undefined {
  const any = status.Status.deserializeBinary(details).getDetailsList()[0];
  return (
    any?.unpack(provider.ErrorResourceInitFailed.deserializeBinary, "pulumirpc.ErrorResourceInitFailed") ??
    undefined
  );
}
