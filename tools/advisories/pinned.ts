/** What images/versions.json pins, as the sources of advisories name it. */
import versions from "../../images/versions.json";

export interface PinnedPackage {
  /** As OSV names ecosystems. */
  readonly ecosystem: "Maven" | "PyPI" | "Go";
  readonly name: string;
  readonly version: string;
}

type Version = keyof typeof versions;

const NAMES: readonly [entry: Version, ecosystem: PinnedPackage["ecosystem"], ...names: string[]][] = [
  ["KAFKA_VERSION", "Maven", "org.apache.kafka:kafka_2.13", "org.apache.kafka:kafka-clients"],
  ["KAFKA_VERSION", "Maven", "org.apache.kafka:connect-runtime"],
  ["LOG4J_VERSION", "Maven", "org.apache.logging.log4j:log4j-core"],
  ["ZOOKEEPER_VERSION", "Maven", "org.apache.zookeeper:zookeeper"],
  ["DEBEZIUM_VERSION", "Maven", "io.debezium:debezium-connector-postgres"],
  ["MINIO_VERSION", "Go", "github.com/minio/minio"],
  ["PYSPARK_VERSION", "PyPI", "pyspark"],
  ["PYSPARK_VERSION", "Maven", "org.apache.spark:spark-core_2.13"],
  ["HADOOP_VERSION", "Maven", "org.apache.hadoop:hadoop-aws", "org.apache.hadoop:hadoop-client-runtime"],
  ["AWS_SDK_VERSION", "Maven", "software.amazon.awssdk:s3"],
  ["PYARROW_VERSION", "PyPI", "pyarrow"],
  ["OBSTORE_VERSION", "PyPI", "obstore"],
  ["PYROARING_VERSION", "PyPI", "pyroaring"],
  ["ORJSON_VERSION", "PyPI", "orjson"],
  ["MSGSPEC_VERSION", "PyPI", "msgspec"],
];

export function pinnedPackages(): PinnedPackage[] {
  return NAMES.flatMap(([entry, ecosystem, ...names]) =>
    [versions[entry]]
      .flatMap((version) => (typeof version === "string" ? [version] : Object.values(version)))
      .flatMap((version) =>
        names.map((name) => ({
          ecosystem,
          name,
          // Go's versions begin with a v, which OSV leaves out.
          version: ecosystem === "Go" ? version.replace(/^v/, "") : version,
        })),
      ),
  );
}
