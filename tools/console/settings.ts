/** What the service is given, as a file: addresses as containers reach them, the lake's key, and what its page asks for. */
import { z } from "zod";
import { stackOutputs } from "../../outputs";

const service = z.object({
  service: z.string(),
  /** `host:port` as this container reaches it; missing where nothing listens. */
  address: z.string().optional(),
  /** Missing for a server that is there already. */
  container: z.string().optional(),
  /** Its own page, as a browser on the stack's machine has it. */
  page: z.string().optional(),
});

export const settingsShape = stackOutputs
  .pick({
    ...{
      postgresqlUrl: true,
      kafkaBootstrapServers: true,
      kafkaSecurity: true,
      kafkaConnectUrl: true,
      connectorName: true,
    },
    ...{ connectorState: true, tableLists: true, slotLagAlarm: true, proofUrl: true },
    ...{ capturedTables: true, topicNames: true, lakeRoot: true, objectStore: true, minioUrl: true },
    ...{ lakeAccessKey: true, lakeSecretKey: true, streamingJobName: true, streamingJobCheckpoint: true },
  })
  .extend({
    stack: z.string(),
    port: z.number().int(),
    token: z.string().min(32),
    services: z.array(service),
  });

export type Settings = z.infer<typeof settingsShape>;
export type Service = z.infer<typeof service>;
