/** Pure: where data flows, how each part is, and what waits between two of them. */
import type { Network, Subject } from "../status/network";
import { behindOf } from "../status/topics";
import { rateOf } from "./history";
import type { Answer } from "./probe";
import { counted, numberText, sizeText } from "./text";
import type { Edge, Health, Node, Sample } from "./view";

/** What was found at one look. */
export interface Found {
  readonly answers: readonly Answer[];
  readonly network: Network;
  readonly job: string;
  readonly tables: number;
  readonly alarms: readonly { readonly about: string }[];
  readonly notReached: readonly { readonly part: string }[];
}

interface FlowNode {
  readonly id: Subject;
  readonly title: string;
  /** Services without which it does nothing; the first has the page. */
  readonly services: readonly string[];
  /** As `status` calls it when it does not answer. */
  readonly parts: readonly string[];
}

const FLOW: readonly FlowNode[] = [
  { id: "postgresql", title: "PostgreSQL", services: ["postgresql"], parts: ["PostgreSQL"] },
  { id: "connector", title: "Debezium connector", services: ["kafka-connect"], parts: ["the connector"] },
  { id: "kafka", title: "Kafka", services: ["kafka"], parts: ["Kafka"] },
  { id: "job", title: "Streaming job", services: ["spark-client"], parts: ["the streaming job"] },
  { id: "lake", title: "Lake tables", services: ["minio"], parts: ["the object store"] },
];

/** Services that stand by one of the flow, in this order. */
const BESIDE: readonly (readonly [service: RegExp, beside: Subject, title: string])[] = [
  [/^supervisor$/, "connector", "Supervisor"],
  [/^zookeeper$/, "kafka", "ZooKeeper"],
  [/^spark-master$/, "job", "Spark master"],
  [/^spark-worker(-\d+)?$/, "job", "Spark worker"],
  [/^proof$/, "lake", "Continuous proof"],
];

export function nodesOf(found: Found): Node[] {
  const flow = FLOW.map(({ id, title, services, parts }): Node => {
    const own = found.answers.filter(({ service }) => services.includes(service));
    const isSilent =
      own.some(({ error }) => error !== null) || found.notReached.some(({ part }) => parts.includes(part));
    const isTroubled = found.alarms.some(({ about }) => about === id || services.includes(about));
    const health: Health = isSilent ? "silent" : isTroubled ? "trouble" : "well";
    const page = own.find((one) => one.page !== null)?.page ?? null;
    return { id, title, health, says: wordsOf(id, found, health), beside: null, page };
  });
  const others = BESIDE.flatMap(([service, beside, title]) =>
    found.answers
      .filter((one) => service.test(one.service))
      .map((one): Node => {
        const number = /-(\d+)$/.exec(one.service)?.[1];
        const health = healthBeside(one, found);
        return {
          ...{ id: one.service, title: number ? `${title} ${number}` : title, health, beside },
          ...{ says: one.error ?? (one.address === null ? "has no port" : "answers"), page: one.page },
        };
      }),
  );
  return [...flow, ...others];
}

function healthBeside({ service, address, error }: Answer, found: Found): Health {
  if (address === null) return "unseen";
  if (error !== null) return "silent";
  return found.alarms.some(({ about }) => about === service) ? "trouble" : "well";
}

function wordsOf(id: Subject, { network, job, tables }: Found, health: Health): string {
  if (health === "silent") return "no answer";
  switch (id) {
    case "postgresql": {
      const slot = network.position?.slot;
      return slot ? `slot ${slot.isRead ? "read" : "read by nobody"}` : "no slot seen";
    }
    case "connector":
      return network.position?.status ?? "not known";
    case "kafka":
      return counted(network.topics.length, "topic");
    case "job":
      return job;
    default:
      return counted(tables, "table");
  }
}

export function edgesOf({ network }: Pick<Found, "network">, history: readonly Sample[]): Edge[] {
  const { behind, behindSeconds } = behindOf(network.topics);
  const lagBytes = network.position?.slot?.lagBytes ?? null;
  const [written, read] = [rateOf(history, "written"), rateOf(history, "read")];
  const age = behindSeconds === null ? "" : `, the oldest ${behindSeconds} s old`;
  const unread =
    behind === null ? null : behind === 0 ? "all read" : `${counted(behind, "message")} wait${age}`;
  return [
    {
      ...{ from: "postgresql", to: "connector", rate: null, isClear: lagBytes !== null },
      lag: lagBytes === null ? null : `${sizeText(lagBytes)} of log not confirmed`,
    },
    { from: "connector", to: "kafka", rate: rateText(written), lag: null, isClear: true },
    { from: "kafka", to: "job", rate: rateText(read), lag: unread, isClear: behind === 0 },
    { from: "job", to: "lake", rate: rateText(read), lag: null, isClear: true },
  ];
}

function rateText(rate: number | null): string | null {
  return rate === null ? null : `${numberText(rate)} messages/s`;
}
