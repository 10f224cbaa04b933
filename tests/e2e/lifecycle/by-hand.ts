/** What somebody may do to each kind of resource behind Pulumi's back. */
import axios from "axios";
import execa from "execa";
import { adminClient } from "../../../providers/minio/admin-client";
import { clientAt } from "../../../providers/minio/connection";
import type { Registered } from "../../unit/components/program";
import type { TestStack } from "../platform";

/** A deletion by hand, and the verb that brings back what was in it; or why there is none, which is what the test then sees. */
export type Deletion =
  | {
      delete(stack: TestStack, resource: Registered): Promise<unknown>;
      afterwards?: [verb: string, ...args: string[]];
    }
  | { refused(stack: TestStack, resource: Registered): Promise<unknown>; with: RegExp }
  | { nothingOutside: string };

/** A change by hand, and what refresh shows of it; or why there is none. */
export type Change =
  | { change(stack: TestStack, resource: Registered): Promise<unknown>; shown: RegExp }
  | { none: string };

const docker = (...args: string[]) => execa("docker", args);

const connectorUrl = (stack: TestStack, { inputs }: Registered) =>
  `http://localhost:${stack.port(8083)}/connectors/${inputs.name}`;

/** MinIO, as its administrator. */
export async function minioAdmin(stack: TestStack) {
  const { minioUrl, minioRootUser = "", minioRootPassword = "" } = await stack.outputs();
  return adminClient(clientAt(minioUrl, minioRootUser, minioRootPassword));
}

export const DELETIONS: Record<string, Deletion> = {
  container: { delete: (_stack, { inputs }) => docker("rm", "--force", inputs.name) },
  volume: { refused: (_stack, { inputs }) => docker("volume", "rm", inputs.name), with: /in use/ },
  network: {
    refused: (_stack, { inputs }) => docker("network", "rm", inputs.name),
    with: /active endpoints/,
  },
  connector: {
    delete: (stack, connector) => axios.delete(connectorUrl(stack, connector)),
  },
  application: {
    delete: (stack, { inputs }) =>
      stack.exec("spark-client", ["application", "remove", inputs.applicationName]),
  },
  user: {
    delete: async (stack, { inputs }) => (await minioAdmin(stack)).removeUser(inputs.name),
  },
  image: {
    nothingOutside: "an image that a container runs is not removed by Docker; the next build makes it again",
  },
  command: { nothingOutside: "a command leaves nothing of its own" },
  topics: {
    delete: (stack, { inputs }) =>
      stack.exec("kafka", [
        ...["/kafka/bin/kafka-topics.sh", "--bootstrap-server", "kafka:9092", "--delete"],
        ...["--topic", Object.keys(inputs.topics).join("|")],
      ]),
    afterwards: ["resnapshot", "--all"],
  },
  s3bucket: {
    delete: async (stack, { inputs: { bucket } }) => {
      const { minioUrl, minioRootUser = "", minioRootPassword = "" } = await stack.outputs();
      const { client, region } = clientAt(minioUrl, minioRootUser, minioRootPassword);
      const request = {
        ...{ method: "DELETE", bucketName: bucket },
        headers: { "x-minio-force-delete": "true" },
      };
      await client.makeRequestAsyncOmit(request, "", [200, 204], region);
    },
  },
};

export const CHANGES: Record<string, Change> = {
  container: {
    change: (_stack, { inputs }) => {
      const memory = `${inputs.memory + 1}m`;
      return docker("update", "--memory", memory, "--memory-swap", memory, inputs.name);
    },
    shown: /memory/,
  },
  connector: {
    change: async (stack, connector) => {
      const { data: config } = await axios.get(`${connectorUrl(stack, connector)}/config`);
      await axios.put(`${connectorUrl(stack, connector)}/config`, {
        ...config,
        "snapshot.fetch.size": "4999",
      });
    },
    shown: /snapshot\.fetch\.size/,
  },
  application: {
    change: (stack, { inputs }) =>
      stack.exec("spark-client", ["application", "stop", inputs.applicationName]),
    shown: /STOPPED/,
  },
  topics: {
    change: (stack, { inputs }) =>
      stack.exec("kafka", [
        ...["/kafka/bin/kafka-configs.sh", "--bootstrap-server", "kafka:9092", "--alter"],
        ...["--topic", Object.keys(inputs.topics)[0] ?? "", "--add-config", "segment.ms=3600000"],
      ]),
    shown: /segment\.ms/,
  },
  user: {
    change: async (stack, { inputs }) =>
      (await minioAdmin(stack)).setUser(inputs.name, "another-secret-key", true),
    shown: /secretKeyWorks/,
  },
  volume: { none: "Docker changes no volume" },
  network: { none: "Docker changes no network; what is attached to it belongs to the containers" },
  image: { none: "an image has its content for a name" },
  command: { none: "a command leaves nothing of its own" },
  s3bucket: { none: "the program says nothing of a bucket but its name" },
};
