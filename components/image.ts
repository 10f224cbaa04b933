/** The images of the platform: built from `images/`, or taken as configured. */
import * as os from "node:os";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import versions from "../images/versions.json";
import type { ImageName } from "./image-names";
import { BY_METADATA, type KafkaMetadata } from "./kafka-metadata";
import { writeServiceProgram } from "./service-program";

/** Images that others are built from; each folder of `images/` is one image. */
type ParentName = "base" | "java" | "node" | "npm" | "maven" | "kafka";
type BuiltName = ImageName | ParentName;
type Version = keyof typeof versions;

interface Recipe {
  /** Images that its Dockerfile starts from, as build argument `<NAME>_IMAGE`. */
  parents: ParentName[];
  /** Entries of images/versions.json that it needs. */
  versions: Version[];
  /** Makes what its Dockerfile takes and is not in the repository. */
  prepare?: () => void;
}

const RECIPES: Record<BuiltName, Recipe> = {
  base: { parents: [], versions: ["DEBIAN_IMAGE"] },
  java: { parents: ["base"], versions: ["JAVA_VERSION"] },
  maven: { parents: ["java"], versions: ["JAVA_VERSION", "MAVEN_DEPENDENCY_PLUGIN_VERSION"] },
  zookeeper: { parents: ["maven", "java"], versions: ["ZOOKEEPER_VERSION"] },
  kafka: { parents: ["maven", "java"], versions: ["KAFKA_VERSION", "SCALA_BINARY_VERSION", "LOG4J_VERSION"] },
  "kafka-connect": { parents: ["maven", "kafka"], versions: ["DEBEZIUM_VERSION", "KAFKA_VERSION"] },
  postgresql: { parents: ["base"], versions: ["POSTGRESQL_VERSION"] },
  minio: { parents: ["base"], versions: ["MINIO_VERSION"] },
  supervisor: { parents: ["base"], versions: [] },
  node: { parents: ["base"], versions: [] },
  npm: { parents: ["node"], versions: [] },
  proof: { parents: ["npm", "node"], versions: [], prepare: () => writeServiceProgram("proof") },
  console: { parents: ["npm", "node"], versions: [], prepare: () => writeServiceProgram("console") },
  spark: {
    parents: ["maven", "java"],
    versions: [
      "PYSPARK_VERSION",
      "DELTA_SPARK_VERSION",
      "HADOOP_VERSION",
      "AWS_SDK_VERSION",
      "SPARK_HADOOP_CLOUD_VERSION",
      "SCALA_BINARY_VERSION",
      "PYARROW_VERSION",
      "NUMPY_VERSION",
      "OBSTORE_VERSION",
      "PYROARING_VERSION",
      "ORJSON_VERSION",
      "MSGSPEC_VERSION",
    ],
  },
};

/** Docker passes these to a build by themselves; a company's proxy is set for the shell that runs `up`. */
const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];

export interface ImagesArgs {
  /** Images to use as they are, by service. */
  overrides: Partial<Record<ImageName, string>>;
  /** Kafka's versions differ between the two. */
  kafkaMetadata: KafkaMetadata;
  /** PEM text of the certificate authorities that builds have to trust besides the public ones. */
  certificates: string;
}

/**
 * Hands out images by name and declares, on first use, the build of the image and of those it starts from.
 * A built image's id is passed on as build argument and to the container, so that a change of one Dockerfile
 * rebuilds and replaces exactly what depends on it.
 */
export class Images extends pulumi.ComponentResource {
  private readonly ids = new Map<BuiltName, pulumi.Output<string>>();

  constructor(
    name: string,
    private readonly args: ImagesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("cdc:index:Images", name, {}, opts);
    this.registerOutputs({});
  }

  /** Id of an image, ready to run: `sha256:…`. */
  get(name: BuiltName): pulumi.Output<string> {
    const known = this.ids.get(name);
    if (known) return known;
    const override = this.args.overrides[name as ImageName];
    const id = override ? this.pull(name, override) : this.build(name);
    this.ids.set(name, id);
    return id;
  }

  private pull(name: BuiltName, image: string): pulumi.Output<string> {
    return new docker.RemoteImage(`image-${name}`, { name: image, keepLocally: true }, { parent: this })
      .imageId;
  }

  private build(name: BuiltName): pulumi.Output<string> {
    const { parents, versions: needed, prepare } = RECIPES[name];
    prepare?.();
    const args: Record<string, pulumi.Input<string>> = {};
    for (const version of needed) args[version] = this.version(version);
    for (const parent of parents) args[`${parent.toUpperCase()}_IMAGE`] = this.get(parent);
    if (name === "base") args.EXTRA_CA_CERTIFICATES = this.args.certificates;
    for (const variable of PROXY_VARIABLES) {
      const value = process.env[variable] ?? process.env[variable.toLowerCase()];
      if (value) args[variable] = value;
    }
    return new docker.Image(
      `image-${name}`,
      {
        imageName: `cdc/${name}:${this.tag(needed)}`,
        skipPush: true,
        build: {
          context: `images/${name}`,
          dockerfile: `images/${name}/Dockerfile`,
          args,
          platform: `linux/${os.arch() === "arm64" ? "arm64" : "amd64"}`,
          // The classic builder: Debian's Docker comes without buildx.
          builderVersion: docker.BuilderVersion.BuilderV1,
        },
      },
      { parent: this },
    ).repoDigest;
  }

  private version(name: Version): string {
    const version = versions[name];
    return typeof version === "string" ? version : version[this.args.kafkaMetadata];
  }

  /** Stacks of both kinds on one machine must not take each other's tags away. */
  private tag(needed: Version[]): string {
    const differs = needed.some((name) => typeof versions[name] !== "string");
    return differs ? BY_METADATA[this.args.kafkaMetadata].imageTag : "latest";
  }
}
