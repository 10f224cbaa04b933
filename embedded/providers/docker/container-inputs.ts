import { z } from "zod";
import { durationNanoseconds } from "./duration";
import { labelList } from "./labels";

const duration = z.string().refine(isDuration, 'must be a duration such as "500ms", "10s", "1m30s" or "1h"');
const megabytes = z.number().int().min(0);
const port = z.number().int().min(1).max(65535);

/** What the embedded engine carries of `docker.Container`, with the names and defaults of the real plugin. */
export const containerInputs = z.strictObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  entrypoints: z.array(z.string()).optional(),
  envs: z.array(z.string()).optional(),
  user: z.string().optional(),
  groupAdds: z.array(z.string()).optional(),
  hostname: z.string().optional(),
  domainname: z.string().optional(),
  workingDir: z.string().optional(),
  labels: labelList.optional(),

  networkMode: z.string().optional(),
  networksAdvanced: z
    .array(z.strictObject({ name: z.string(), aliases: z.array(z.string()).optional() }))
    .optional(),
  ports: z
    .array(
      z.strictObject({
        internal: port,
        external: port.optional(),
        ip: z.string().optional(),
        protocol: z.enum(["tcp", "udp", "sctp"]).optional(),
      }),
    )
    .optional(),
  hosts: z.array(z.strictObject({ host: z.string(), ip: z.string() })).optional(),
  dns: z.array(z.string()).optional(),

  volumes: z
    .array(
      z.strictObject({
        containerPath: z.string(),
        volumeName: z.string().optional(),
        hostPath: z.string().optional(),
        readOnly: z.boolean().optional(),
      }),
    )
    .optional(),
  tmpfs: z.record(z.string(), z.string()).optional(),
  uploads: z
    .array(
      z
        .strictObject({
          file: z.string().startsWith("/", "must be an absolute path in the container"),
          content: z.string().optional(),
          contentBase64: z.string().optional(),
          source: z.string().optional(),
          sourceHash: z.string().optional(),
          executable: z.boolean().optional(),
          permissions: z
            .string()
            .regex(/^0?[0-7]{3}$/, 'must be an octal mode such as "0644"')
            .optional(),
        })
        .refine(
          ({ content, contentBase64, source }) =>
            [content, contentBase64, source].filter((given) => given !== undefined).length === 1,
          "needs exactly one of content, contentBase64 and source",
        ),
    )
    .optional(),

  healthcheck: z
    .strictObject({
      tests: z.array(z.string()).optional(),
      interval: duration.optional(),
      timeout: duration.optional(),
      startPeriod: duration.optional(),
      startInterval: duration.optional(),
      retries: z.number().int().min(0).optional(),
    })
    .optional(),
  start: z.literal(true, "the embedded engine always starts a container").optional(),
  wait: z.boolean().optional(),
  waitTimeout: z.number().positive().optional(),
  mustRun: z.boolean().optional(),
  containerReadRefreshTimeoutMilliseconds: z.number().optional(),

  restart: z.enum(["no", "on-failure", "always", "unless-stopped"]).optional(),
  maxRetryCount: z.number().int().min(0).optional(),
  destroyGraceSeconds: z.number().int().min(0).optional(),
  stopSignal: z.string().optional(),
  stopTimeout: z.number().int().min(0).optional(),
  removeVolumes: z.boolean().optional(),

  memory: megabytes.optional(),
  memorySwap: z.number().int().min(-1).optional(),
  memoryReservation: megabytes.optional(),
  cpuShares: z.number().int().min(0).optional(),
  cpuSet: z.string().optional(),
  cpus: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a number of CPUs such as "1.5"')
    .optional(),
  shmSize: megabytes.optional(),
  ulimits: z
    .array(z.strictObject({ name: z.string(), soft: z.number().int(), hard: z.number().int() }))
    .optional(),
  sysctls: z.record(z.string(), z.string()).optional(),

  capabilities: z
    .strictObject({ adds: z.array(z.string()).optional(), drops: z.array(z.string()).optional() })
    .optional(),
  securityOpts: z.array(z.string()).optional(),
  readOnly: z.boolean().optional(),
  privileged: z.boolean().optional(),
  init: z.boolean().optional(),
  tty: z.boolean().optional(),
  stdinOpen: z.boolean().optional(),
  logDriver: z.string().optional(),
  logOpts: z.record(z.string(), z.string()).optional(),
});

export type ContainerInputs = z.infer<typeof containerInputs>;
export type Upload = NonNullable<ContainerInputs["uploads"]>[number];

function isDuration(text: string): boolean {
  return durationNanoseconds(text) !== undefined;
}
