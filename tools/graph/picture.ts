/** Pure: a program's resources as a picture in Mermaid. */
import { SERVICE_LABEL } from "../../labels";
import type { Registered } from "./program";

const CONTAINER = "docker:index/container:Container";
const CONNECTOR = "pulumi-nodejs:dynamic/debezium:Connector";
const APPLICATION = "pulumi-nodejs:dynamic/spark:Application";
const BUCKET = "minio:index/s3Bucket:S3Bucket";

/** What data flows through, and what runs in what; a flow is drawn when both of its ends are in the program. */
const FLOWS = [
  ["postgresql", "logical replication", "connector"],
  ["connector", "one topic a table", "kafka"],
  ["kafka", "", "job"],
  ["job", "Delta tables: current state and changes", "bucket"],
] as const;
/** What stands by a service without being in the data's way. */
const TIES = [
  ["zookeeper", "kafka"],
  ["supervisor", "kafka-connect"],
  ["proof", "postgresql"],
  ["proof", "bucket"],
] as const;

/** Where data flows, with every container of the program. */
export function dataFlow(resources: readonly Registered[]): string {
  const services = servicesOf(resources);
  const find = (type: string) => resources.find((resource) => resource.type === type)?.inputs;
  const spark = services.filter((service) => service.startsWith("spark-"));
  const workers = spark.filter((service) => service.startsWith("spark-worker")).length;
  const shapes: Record<string, string> = {
    postgresql: "[(PostgreSQL)]",
    kafka: "[[Kafka]]",
    zookeeper: "[ZooKeeper]",
    supervisor: "[Supervisor]",
    proof: "[Continuous proof]",
    console: "[Console]",
  };
  const groups = [
    group("kafka-connect", "Kafka Connect", find(CONNECTOR) && `connector["Debezium connector"]`),
    group(
      "spark",
      `Spark: master, ${workers === 1 ? "worker" : `${workers} workers`}, client`,
      find(APPLICATION) && `job["Structured Streaming job"]`,
    ),
    group("minio", "MinIO", find(BUCKET) && `bucket[("bucket ${find(BUCKET)?.bucket}")]`),
  ];
  const drawn = new Set(["kafka-connect", "minio", ...spark]);
  const nodes = services
    .filter((service) => !drawn.has(service))
    .map((service) => `  ${service}${shapes[service] ?? `[${service}]`}`);
  const inside = { connector: find(CONNECTOR), job: find(APPLICATION), bucket: find(BUCKET) };
  const there = (id: string) => services.includes(id) || (id in inside && inside[id as keyof typeof inside]);
  const flows = FLOWS.filter(([from, , to]) => there(from) && there(to)).map(
    ([from, label, to]) => `  ${from} ${label ? `-- "${label}" --> ` : "--> "}${to}`,
  );
  const ties = TIES.filter(([one, other]) => there(one) && there(other)).map(
    ([one, other]) => `  ${one} --- ${other}`,
  );
  return ["flowchart LR", ...nodes, ...groups.flat(), ...flows, ...ties].join("\n");
}

function group(id: string, title: string, node: string | undefined): string[] {
  return [`  subgraph ${id} ["${title}"]`, ...(node ? [`    ${node}`] : []), "  end"];
}

/** Names of the containers' services: `spark-worker-2` is one. */
export function servicesOf(resources: readonly Registered[]): string[] {
  return resources
    .filter(({ type }) => type === CONTAINER)
    .map(({ inputs }) => {
      const labels: { label: string; value: string }[] = inputs.labels ?? [];
      return labels.find(({ label }) => label === SERVICE_LABEL)?.value ?? inputs.name;
    })
    .sort();
}

/** Every resource, by the component that declares it, and what has to exist before it. */
export function resourceGraph(resources: readonly Registered[]): string {
  const isComponent = ({ type }: Registered) => type.startsWith("cdc:index:");
  const own = resources.filter((resource) => !isComponent(resource) && !resource.type.startsWith("pulumi:"));
  const ids = new Map(own.map(({ name }, index) => [name, `r${index}`]));
  const components = resources.filter(isComponent).flatMap(({ name }, index) => {
    const children = own.filter(({ parent }) => parent === name);
    if (children.length === 0) return [];
    const nodes = children.map((child) => `    ${ids.get(child.name)}["${child.name}<br/>${kindOf(child)}"]`);
    return [`  subgraph c${index} ["${name}"]`, ...nodes, "  end"];
  });
  const edges = own.flatMap(({ name, dependsOn }) =>
    [...new Set(dependsOn)]
      .filter((before) => ids.has(before) && before !== name)
      .map((before) => `  ${ids.get(before)} --> ${ids.get(name)}`),
  );
  return ["flowchart LR", ...components, ...edges].join("\n");
}

function kindOf({ type }: Registered): string {
  return type.split(":").at(-1) ?? type;
}
