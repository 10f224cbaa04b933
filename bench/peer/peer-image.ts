/** The image of the peer's Connect worker, built like those of the platform. */
import execa from "execa";
import { placeOf, type RunningStack } from "../running-stack";

/** Versions that were run together (README.md). */
export const VERSIONS = {
  ICEBERG_VERSION: "1.12.0",
  AWS_SDK_VERSION: "2.57.8",
  HADOOP_VERSION: "3.5.0",
  POSTGRESQL_DRIVER_VERSION: "42.7.13",
};

const IMAGE = "cdc-bench/iceberg-kafka-connect";
/** Made by every `up`; has the certificates that this machine adds. */
const MAVEN_IMAGE = "cdc/maven";
const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];

/**
 * Builds it upon the image of the stack's own worker, so that both run the same Connect. Kept afterwards, as the
 * platform's images are: the next run takes it from the cache.
 *
 * @returns its tag
 */
export async function peerImage(stack: RunningStack): Promise<string> {
  const { image } = await placeOf(stack, "kafka-connect");
  const args: Record<string, string> = { ...VERSIONS, KAFKA_CONNECT_IMAGE: image, MAVEN_IMAGE };
  for (const variable of PROXY_VARIABLES) {
    const value = process.env[variable] ?? process.env[variable.toLowerCase()];
    if (value) args[variable] = value;
  }
  const options = Object.entries(args).flatMap(([key, value]) => ["--build-arg", `${key}=${value}`]);
  // The classic builder: Debian's Docker comes without buildx.
  await execa("docker", ["build", "--quiet", "--tag", IMAGE, ...options, "bench/peer/image"], {
    env: { DOCKER_BUILDKIT: "0" },
  });
  return IMAGE;
}
