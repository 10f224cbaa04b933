/** A place that every change passes on its way from the database to a reader. */
import type { Status } from "../status/status";
import type { Journey } from "./journey";

/** What keeps the marker from going on. */
export class Obstacle extends Error {
  constructor(
    message: string,
    /** What mends it. */
    readonly fix: string,
  ) {
    super(message);
  }
}

/** What is wrong with some tables, while the marker goes on. */
export class Blemish extends Obstacle {}

export interface Hop {
  readonly name: string;
  /** Services that it consists of. */
  readonly services: readonly string[];
  /**
   * Follows the marker to this hop, or finds out what keeps it.
   *
   * @returns what is right about it, in a few words
   * @throws {@link Obstacle},  UserError or the client's own error: what is wrong, and what mends it
   */
  follow(journey: Journey): Promise<string>;
}

export type Finding =
  | { readonly hop: string; readonly verdict: "well"; readonly text: string }
  | { readonly hop: string; readonly verdict: "sick"; readonly text: string; readonly fix: string }
  | { readonly hop: string; readonly verdict: "not reached"; readonly text: string };

const LOOK_UP = "See that the stack is up: `npm run refresh`, then `npm run up`.";

/**
 * Every hop in the order of the data. Behind one that stops the marker only those are judged that are wrong by themselves.
 *
 * @param told called with each finding as soon as it is known
 */
export async function examine(
  hops: readonly Hop[],
  status: Status,
  journey: Journey,
  told: (finding: Finding) => void,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  let stopped: string | undefined;
  // A server that is down is the cause, wherever the marker gets stuck because of it.
  const down = new Map(hops.map((hop) => [hop.name, brokenService(hop, status)]));
  for (const hop of hops) {
    const broken = down.get(hop.name);
    let finding: Finding;
    let goesOn = false;
    if (broken) finding = broken;
    else if (stopped)
      finding = { hop: hop.name, verdict: "not reached", text: `the marker stopped at ${stopped}` };
    else [finding, goesOn] = await followed(hop, journey, down);
    if (finding.verdict === "sick" && !goesOn) stopped ??= hop.name;
    findings.push(finding);
    told(finding);
  }
  return findings;
}

async function followed(
  hop: Hop,
  journey: Journey,
  down: ReadonlyMap<string, Finding | undefined>,
): Promise<[Finding, goesOn: boolean]> {
  const cause = [...down].find(([, finding]) => finding !== undefined)?.[0];
  try {
    return [{ hop: hop.name, verdict: "well", text: await hop.follow(journey) }, true];
  } catch (error) {
    const { message, fix } = error as { message: string; fix?: string };
    const because = cause ? ` (${cause} is down, see there)` : "";
    const text = `${withoutDot(message)}${because}`;
    return [{ hop: hop.name, verdict: "sick", text, fix: fix ?? LOOK_UP }, error instanceof Blemish];
  }
}

function brokenService({ name, services }: Hop, status: Status): Finding | undefined {
  const broken = status.services.find(
    ({ service, state, health }) =>
      services.some((one) => isOf(one, service)) && (state !== "running" || health === "unhealthy"),
  );
  if (!broken) return undefined;
  const { service, container, state, health } = broken;
  const fix =
    state === "gone"
      ? "`npm run refresh`, then `npm run up` makes it again."
      : `\`docker logs ${container}\` shows why; \`docker ${state === "paused" ? "unpause" : "restart"} ${container}\` starts it.`;
  return {
    hop: name,
    verdict: "sick",
    text: `container ${container} (${service}) is ${state === "running" ? health : state}`,
    fix,
  };
}

/** `spark-worker-2` is of `spark-worker`, and `kafka-connect` not of `kafka`. */
function isOf(service: string, container: string): boolean {
  return container.replace(/-\d+$/, "") === service;
}

/**
 * The one to mend first: a server that is down, else the first hop that is not well.
 *
 * @returns undefined: the marker arrived everywhere
 */
export function diagnosis(findings: readonly Finding[]): Extract<Finding, { verdict: "sick" }> | undefined {
  const sick = findings.filter((finding) => finding.verdict === "sick");
  return sick.find(({ text }) => text.startsWith("container ")) ?? sick[0];
}

function withoutDot(text: string): string {
  return text.replace(/\.$/, "");
}
