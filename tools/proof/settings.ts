/** What the service is given, as a file: addresses as containers reach them, the lake's key, and what it may cost. */
import { z } from "zod";
import { stackOutputs } from "../../outputs";

export const settingsShape = stackOutputs
  .pick({
    ...{
      postgresqlUrl: true,
      kafkaBootstrapServers: true,
      kafkaSecurity: true,
      kafkaConnectUrl: true,
      connectorName: true,
    },
    ...{ capturedTables: true, topicNames: true, lakeRoot: true, objectStore: true, minioUrl: true },
    ...{ lakeAccessKey: true, lakeSecretKey: true, streamingJobCheckpoint: true },
  })
  .extend({
    port: z.number().int(),
    budget: z.object({
      /** Of one processor's time. */
      cpuShare: z.number().positive(),
      /** That PostgreSQL reads. */
      bytesPerSecond: z.number().positive(),
    }),
  });

export type Settings = z.infer<typeof settingsShape>;
