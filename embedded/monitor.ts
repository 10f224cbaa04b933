/** The engine's side of the SDK's gRPC protocol: the services ResourceMonitor and Engine. */
import { Server, ServerCredentials, type ServiceError, status } from "@grpc/grpc-js";
import * as engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import * as resourceGrpc from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Goal, ReadGoal, Registered } from "./goal";
import { MESSAGE_LIMITS } from "./message-limits";
import { fromStruct, toStruct } from "./property-struct";
import type { Properties } from "./provider";
import { makeUrn } from "./urn";

export interface MonitorHandlers {
  register(goal: Goal): Promise<Registered>;
  read(goal: ReadGoal): Promise<{ urn: string; outputs: Properties }>;
  setOutputs(urn: string, outputs: Properties): Promise<void>;
  log(severity: "debug" | "info" | "warning" | "error", message: string, urn: string): void;
}

export interface Monitor {
  /** `127.0.0.1:<port>` */
  address: string;
  stop(): void;
}

/**
 * Without `outputValues` and `resourceReferences` secrets, unknown values and resources arrive in their
 * plain forms.
 */
const FEATURES = new Set(["secrets", "aliasSpecs", "deletedWith", "replaceWith"]);

const SEVERITIES = ["debug", "info", "warning", "error"] as const;

const RESULTS = {
  success: resource.Result.SUCCESS,
  failed: resource.Result.FAIL,
  skipped: resource.Result.SKIP,
};

type Call<Request> = { request: Request };
type Callback<Response> = (error: Partial<ServiceError> | null, response?: Response) => void;

export async function startMonitor(handlers: MonitorHandlers): Promise<Monitor> {
  const server = new Server(MESSAGE_LIMITS);
  server.addService(resourceGrpc.ResourceMonitorService, {
    supportsFeature: unary(async (request: resource.SupportsFeatureRequest) => {
      const response = new resource.SupportsFeatureResponse();
      response.setHassupport(FEATURES.has(request.getId()));
      return response;
    }),

    registerResource: unary(async (request: resource.RegisterResourceRequest) => {
      const registered = await handlers.register(toGoal(request));
      const response = new resource.RegisterResourceResponse();
      response.setUrn(registered.urn);
      response.setId(registered.id);
      response.setObject(toStruct(registered.outputs));
      response.setResult(RESULTS[registered.result]);
      return response;
    }),

    registerResourceOutputs: unary(async (request: resource.RegisterResourceOutputsRequest) => {
      await handlers.setOutputs(request.getUrn(), fromStruct(request.getOutputs()));
      return new Empty();
    }),

    readResource: unary(async (request: resource.ReadResourceRequest) => {
      const read = await handlers.read({
        type: request.getType(),
        name: request.getName(),
        id: request.getId(),
        parent: request.getParent(),
        inputs: fromStruct(request.getProperties()),
        dependencies: request.getDependenciesList(),
        provider: request.getProvider(),
        version: request.getVersion(),
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      });
      const response = new resource.ReadResourceResponse();
      response.setUrn(read.urn);
      response.setProperties(toStruct(read.outputs));
      return response;
    }),

    invoke: unary(async (request: resource.ResourceInvokeRequest) => {
      throw new Error(
        `The embedded engine does not carry the function '${request.getTok()}' ` +
          "(it carries none). Use the Pulumi CLI for this program.",
      );
    }),

    signalAndWaitForShutdown: unary(async () => new Empty()),
  });
  let rootUrn = "";
  server.addService(engineGrpc.EngineService, {
    log: unary(async (request: engine.LogRequest) => {
      handlers.log(SEVERITIES[request.getSeverity()] ?? "info", request.getMessage(), request.getUrn());
      return new Empty();
    }),
    getRootResource: unary(async () => {
      const response = new engine.GetRootResourceResponse();
      response.setUrn(rootUrn);
      return response;
    }),
    setRootResource: unary(async (request: engine.SetRootResourceRequest) => {
      rootUrn = request.getUrn();
      return new engine.SetRootResourceResponse();
    }),
    requirePulumiVersion: unary(async () => new engine.RequirePulumiVersionResponse()),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

function unary<Request, Response>(handle: (request: Request) => Promise<Response>) {
  return (call: Call<Request>, callback: Callback<Response>) => {
    handle(call.request).then(
      (response) => callback(null, response),
      (error: Error) => callback({ code: status.UNKNOWN, details: error.message, message: error.message }),
    );
  };
}

function toGoal(request: resource.RegisterResourceRequest): Goal {
  const propertyDependencies = [...request.getPropertydependenciesMap().entries()].map(
    ([property, dependencies]) => [property, dependencies.getUrnsList()] as const,
  );
  const timeouts = request.getCustomtimeouts();
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    inputs: fromStruct(request.getObject()),
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(propertyDependencies),
    provider: request.getProvider(),
    version: request.getVersion(),
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deletedWith: request.getDeletedwith(),
    replaceWith: request.getReplaceWithList(),
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: request.getAliasesList().map((alias) => aliasUrn(alias, request)),
    customTimeouts: {
      create: timeouts?.getCreate() ?? "",
      update: timeouts?.getUpdate() ?? "",
      delete: timeouts?.getDelete() ?? "",
    },
    uncarriedOptions: [
      ...(request.getImportid() !== "" ? ["import"] : []),
      ...(request.getRemote() ? ["being a remote component"] : []),
      ...(request.hasReplacementTrigger() ? ["replacementTrigger"] : []),
    ],
  };
}

function aliasUrn(
  alias: ReturnType<resource.RegisterResourceRequest["getAliasesList"]>[number],
  request: resource.RegisterResourceRequest,
): string {
  const spec = alias.getSpec();
  if (spec === undefined) {
    return alias.getUrn();
  }
  const parent = spec.getNoparent() ? "" : spec.getParenturn() || request.getParent();
  const type = spec.getType() || request.getType();
  const [prefix = "", project = ""] = request.getParent().split("::");
  const stack = spec.getStack() || (prefix.split(":")[2] ?? "");
  return makeUrn(stack, spec.getProject() || project, parent, type, spec.getName() || request.getName());
}
