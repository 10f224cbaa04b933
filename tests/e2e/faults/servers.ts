import execa from "execa";
import type { TestStack } from "../platform";
import { type Fault, JOB, npm, REFRESH_AND_UP } from "./fault";

/** Where MinIO keeps its data. */
const DATA = "/var/lib/minio";

export const workerDown: Fault = {
  name: "Kafka Connect stopped",
  plant: (stack) => execa("docker", ["stop", stack.container("kafka-connect")]),
  seen: /kafka-connect is exited/,
  hop: "Debezium connector",
  cause: /kafka-connect.* is exited/,
  mend: (stack) => [`docker restart ${stack.container("kafka-connect")}`],
};

export const jobStopped: Fault = {
  name: "streaming job stopped by hand",
  plant: (stack) => stack.exec("spark-client", ["application", "stop", JOB]),
  seen: /the streaming job is STOPPED/,
  hop: "Streaming job",
  cause: /is stopped/,
  mend: REFRESH_AND_UP,
};

export const topicDeleted: Fault = {
  name: "topic deleted",
  plant: (stack) =>
    stack.exec("kafka", [
      ...["/kafka/bin/kafka-topics.sh", "--bootstrap-server", "kafka:9092"],
      ...["--delete", "--topic", "dbserver2.public.links"],
    ]),
  seen: /a topic is gone.*dbserver2\.public\.links/,
  hop: "Kafka",
  cause: /dbserver2\.public\.links/,
  mend: (stack) => [...REFRESH_AND_UP(stack), npm(stack, "resnapshot", "public.links")],
};

/** Only where the volume is a small one (`boundedVolume`). */
export const diskFull: Fault = {
  name: "disk of the object store full",
  async plant(stack) {
    const fill = `dd if=/dev/zero of=${DATA}/filler bs=1M 2>&1; df ${DATA}`;
    const said = await stack.exec("minio", ["sh", "-c", fill]);
    if (!/No space left on device/.test(said)) throw new Error(`the disk did not become full: ${said}`);
    await stack.sql(`update links set "customerCity" = 'Izmir' where "customerId" < 100`);
  },
  seen: /the disk of minio is full/,
  hop: "Object store",
  cause: /the disk of minio is full: \d+ MB of \d+ MB are left at \/var\/lib\/minio/,
  byHand: (stack) => stack.exec("minio", ["rm", `${DATA}/filler`]),
  mend: REFRESH_AND_UP,
};

/** Five minutes ahead: where the loader finds libfaketime for every program that starts, and what that one reads. */
const CLOCK_FILES = `
  install-packages libfaketime >&2 && mkdir -p /clock/etc /clock/usr/local/lib &&
  cp "$(dpkg -L libfaketime | grep 'libfaketime.so')" /clock/usr/local/lib/libfaketime.so &&
  echo /usr/local/lib/libfaketime.so > /clock/etc/ld.so.preload && echo '+300s' > /clock/etc/faketimerc &&
  chown -R root:root /clock && chmod -R a+rX /clock && tar -C /clock -c etc/ld.so.preload etc/faketimerc usr/local/lib/libfaketime.so`;

/** The kernel's clock is every container's; what the programs of one see can be another. */
export const clockOff: Fault = {
  name: "clock off in PostgreSQL's container",
  async plant(stack) {
    const container = stack.container("postgresql");
    const { stdout: image } = await execa("docker", ["inspect", "--format", "{{.Image}}", container]);
    // The stack's own container may install nothing; one of the same image may, and has the library that fits.
    const { stdout: files } = await execa(
      "docker",
      ["run", "--rm", "--user", "root", "--entrypoint", "sh", image, "-c", CLOCK_FILES],
      { encoding: null },
    );
    await execa("docker", ["cp", "-", `${container}:/`], { input: files });
    await execa("docker", ["restart", container]);
  },
  seen: /the clock of postgresql is (29|30)\d s ahead of this machine's/,
  hop: "PostgreSQL",
  cause: /the clock of postgresql is \d+ s ahead/,
  mend: (stack) => [npm(stack, "up", "--replace", "postgresql-container")],
};

/**
 * MinIO's volume as a file system of so many MB, so that it can become full; before the stack's first `up`. It is in memory, and
 * empty once MinIO's container has stopped: no fault of such a stack may stop it.
 */
export async function boundedVolume(stack: TestStack, megabytes: number): Promise<void> {
  const name = `cdc-${stack.name}-minio-data`;
  await execa("docker", [
    ...["volume", "create", "--driver", "local", "--opt", "type=tmpfs", "--opt", "device=tmpfs"],
    ...["--opt", `o=size=${megabytes}m,uid=1000,gid=1000,mode=700`],
    ...["--label", `cdc.stack=${stack.name}`, "--label", `cdc.checkout=${process.cwd()}`, name],
  ]);
}
