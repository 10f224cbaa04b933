/** Pure: a program's resources as a picture in Mermaid. */
import { SERVICE_LABEL } from "../../labels";
import type { Registered } from "./program";

const CONTAINER = "docker:index/container:Container";
const CONNECTOR = "pulumi-nodejs:dynamic/debezium:Connector";
const APPLICATION = "pulumi-nodejs:dynamic/spark:Application";
const BUCKET = "minio:index/s3Bucket:S3Bucket";

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
  const bucket = resources.find(({ type }) => type === BUCKET)?.inputs.bucket;
  const connectors = partsOf(resources, CONNECTOR, { id: "connector", title: "Debezium connector" });
  const jobs = partsOf(resources, APPLICATION, { id: "job", title: "Structured Streaming job" });
  const spark = services.filter((service) => service.startsWith("spark-"));
  const count = (kind: string) => spark.filter((service) => service.startsWith(`spark-${kind}`)).length;
  const counted = (kind: string) => (count(kind) === 1 ? kind : `${count(kind)} ${kind}s`);
  const shapes: Record<string, string> = {
    postgresql: "[(PostgreSQL)]",
    kafka: "[[Kafka]]",
    zookeeper: "[ZooKeeper]",
    supervisor: "[Supervisor]",
    proof: "[Continuous proof]",
    console: "[Console]",
  };
  const groups = [
    group("kafka-connect", "Kafka Connect", connectors.map(nodeOf)),
    group("spark", `Spark: master, ${counted("worker")}, ${counted("client")}`, jobs.map(nodeOf)),
    group("minio", "MinIO", bucket ? [`bucket[("bucket ${bucket}")]`] : []),
  ];
  const drawn = new Set(["kafka-connect", "minio", ...spark]);
  const nodes = services
    .filter((service) => !drawn.has(service))
    .map((service) => `  ${service}${shapes[service] ?? `[${service}]`}`);
  const inside = [...connectors, ...jobs].map(({ id }) => id);
  const there = (id: string) =>
    services.includes(id) || inside.includes(id) || (id === "bucket" && bucket !== undefined);
  const ofPipelines = (parts: readonly Part[]) => parts.filter(({ isOfPipeline }) => isOfPipeline);
  // What data flows through; a flow is drawn when both of its ends are in the program.
  const flows = [
    ...ofPipelines(connectors).map(({ id }) => ["postgresql", "logical replication", id] as const),
    ...ofPipelines(connectors).map(({ id }) => [id, "one topic a table", "kafka"] as const),
    ...jobs.map(({ id }) => ["kafka", "", id] as const),
    ...jobs.map(({ id }) => [id, "Delta tables: current state and changes", "bucket"] as const),
  ]
    .filter(([from, , to]) => there(from) && there(to))
    .map(([from, label, to]) => `  ${from} ${label ? `-- "${label}" --> ` : "--> "}${to}`);
  const others = connectors.filter(({ isOfPipeline }) => !isOfPipeline);
  const ties = [...TIES, ...others.map(({ id }) => [id, "kafka"] as const)]
    .filter(([one, other]) => there(one) && there(other))
    .map(([one, other]) => `  ${one} --- ${other}`);
  return ["flowchart LR", ...nodes, ...groups.flat(), ...flows, ...ties].join("\n");
}

interface Part {
  readonly id: string;
  readonly title: string;
  /** Else it is a connector beside the pipelines. */
  readonly isOfPipeline: boolean;
}

/** What each pipeline has one of, the stack's own first; `debezium-shop-connector` is that of pipeline shop. */
function partsOf(
  resources: readonly Registered[],
  type: string,
  { id, title }: Omit<Part, "isOfPipeline">,
): Part[] {
  const found = resources.filter((resource) => resource.type === type);
  return found.map(({ name }) => {
    const { own, pipeline } =
      /^(?<own>debezium|streaming-job)(-(?<pipeline>.+))?-(connector|application)$/.exec(name)?.groups ?? {};
    if (own === undefined)
      return {
        id: name.replace(/[^\w-]/g, "_"),
        title: name.replace(/^connectors-/, "Connector "),
        isOfPipeline: false,
      };
    if (pipeline === undefined) return { id, title, isOfPipeline: true };
    return { id: `${id}-${pipeline}`, title: `${title} of ${pipeline}`, isOfPipeline: true };
  });
}

function nodeOf({ id, title }: Part): string {
  return `${id}["${title}"]`;
}

function group(id: string, title: string, nodes: readonly string[]): string[] {
  return [`  subgraph ${id} ["${title}"]`, ...nodes.map((node) => `    ${node}`), "  end"];
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
