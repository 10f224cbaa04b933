/** What somebody may do to each kind of resource behind Pulumi's back. */
import axios from "axios";
import execa from "execa";
import { adminClient } from "../../../providers/minio/admin-client";
import { clientAt } from "../../../providers/minio/connection";
import type { Registered } from "../../unit/components/program";
import type { TestStack } from "../platform";

/** A deletion by hand; or why there is none, which is what the test then sees. */
export type Deletion =
  | { delete(stack: TestStack, resource: Registered): Promise<unknown> }
  | { refused(stack: TestStack, resource: Registered): Promise<unknown>; with: RegExp }
  | { nothingOutside: string };

const docker = (...args: string[]) => execa("docker", args);

export const DELETIONS: Record<string, Deletion> = {
  container: { delete: (_stack, { inputs }) => docker("rm", "--force", inputs.name) },
  volume: { refused: (_stack, { inputs }) => docker("volume", "rm", inputs.name), with: /in use/ },
  network: {
    refused: (_stack, { inputs }) => docker("network", "rm", inputs.name),
    with: /active endpoints/,
  },
  connector: {
    delete: (stack, { inputs }) =>
      axios.delete(`http://localhost:${stack.port(8083)}/connectors/${inputs.name}`),
  },
  application: {
    delete: (stack, { inputs }) =>
      stack.exec("spark-client", ["application", "remove", inputs.applicationName]),
  },
  user: {
    delete: async (stack, { inputs }) => {
      const { minioUrl, minioRootUser = "", minioRootPassword = "" } = await stack.outputs();
      await adminClient(clientAt(minioUrl, minioRootUser, minioRootPassword)).removeUser(inputs.name);
    },
  },
  image: {
    nothingOutside: "an image that a container runs is not removed by Docker; the next build makes it again",
  },
  command: { nothingOutside: "a command leaves nothing of its own" },
  topics: { nothingOutside: "a topic's loss is data loss: tests of topics and resnapshot have it" },
  s3bucket: { nothingOutside: "with the bucket the lake's data is gone: tests of the lake have it" },
};
