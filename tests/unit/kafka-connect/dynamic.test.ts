import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { CheckRequest, type CheckResponse } from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { afterEach, expect, it } from "vitest";
import { ModuleProvider } from "../../../providers/dynamic";

class Connector extends pulumi.dynamic.Resource {
  constructor(name: string, props: pulumi.Inputs) {
    super(new ModuleProvider("kafka-connect"), name, props, {}, "debezium", "Connector");
  }
}

async function registered(): Promise<{ type: string; inputs: Record<string, unknown> }> {
  const resources: { type: string; inputs: Record<string, unknown> }[] = [];
  await pulumi.runtime.setMocks({
    newResource: (resource) => {
      resources.push(resource);
      return { id: resource.name, state: resource.inputs };
    },
    call: () => ({}),
  });
  const connector = new Connector("connector", { connectUrl: "localhost", name: "", config: {} });
  await new Promise((resolve) => connector.urn.apply(resolve));
  const [resource] = resources;
  if (!resource) throw new Error("nothing was registered");
  return resource;
}

let host: ChildProcess | undefined;
afterEach(() => {
  host?.kill();
});

it("a resource with a module provider is registered under mocks, its provider being a short text", async () => {
  const { type, inputs } = await registered();

  expect(type).toBe("pulumi-nodejs:dynamic/debezium:Connector");
  expect(String(inputs.__provider).length).toBeLessThan(5_000);
  expect(inputs.__provider).toContain('"kafka-connect"');
});

it("that text finds the module in Pulumi's own dynamic provider process", async () => {
  const { inputs } = await registered();
  const spawned = spawn(
    process.execPath,
    [require.resolve("@pulumi/pulumi/cmd/dynamic-provider"), "127.0.0.1:1"],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  host = spawned;
  const port = await new Promise<string>((resolve) =>
    createInterface({ input: spawned.stdout }).once("line", resolve),
  );
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const request = new CheckRequest();
  request.setOlds(Struct.fromJavaScript({}));
  request.setNews(Struct.fromJavaScript(inputs as never));
  const answer = await new Promise<CheckResponse>((resolve, reject) =>
    client.check(request, (error: Error | null, response: CheckResponse) =>
      error ? reject(error) : resolve(response),
    ),
  );
  client.close();

  expect(answer.getFailuresList().map((failure) => failure.getReason().split(": ")[0])).toEqual([
    "connectUrl",
    "name",
    'config["connector.class"]',
  ]);
});
