/** A place that every change passes on its way from the database to a reader. */
import { UserError } from "../../stack/console";
import { fullDisk } from "../status/disks";
import { isDown, isOf, type ServiceStatus } from "../status/services";
import type { Status } from "../status/status";
import type { Journey } from "./journey";

/** What is wrong with some tables, while the marker goes on. */
export class Blemish extends UserError {}

export interface Hop {
  readonly name: string;
  /** Services that it consists of. */
  readonly services: readonly string[];
  /**
   * Follows the marker to this hop, or finds out what keeps it.
   *
   * @returns what is right about it, in a few words
   * @throws UserError, {@link Blemish} or the client's own error: what is wrong, and what mends it
   */
  follow(journey: Journey): Promise<string>;
}

export interface Sickness {
  readonly hop: string;
  readonly verdict: "sick";
  readonly text: string;
  readonly fix: string;
}

export type Finding =
  | { readonly hop: string; readonly verdict: "well"; readonly text: string }
  | Sickness
  | { readonly hop: string; readonly verdict: "not reached"; readonly text: string };

export interface Examination {
  readonly findings: readonly Finding[];
  /** The one to mend first: a server that is down or out of room, else the first hop that is not well. Undefined: the marker arrived everywhere. */
  readonly diagnosis: Sickness | undefined;
}

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
): Promise<Examination> {
  const findings: Finding[] = [];
  let stopped: string | undefined;
  // A server that is down, or out of room, is the cause, wherever the marker gets stuck because of it.
  const troubled = hops.flatMap((hop) => troubledServer(hop, status) ?? []);
  const [cause] = troubled;
  for (const hop of hops) {
    let finding: Finding | undefined = troubled.find((server) => server.hop === hop.name);
    let goesOn = false;
    if (!finding && stopped)
      finding = { hop: hop.name, verdict: "not reached", text: `the marker stopped at ${stopped}` };
    if (!finding) [finding, goesOn] = await followed(hop, journey, cause);
    if (finding.verdict === "sick" && !goesOn) stopped ??= hop.name;
    findings.push(finding);
    told(finding);
  }
  return { findings, diagnosis: cause ?? findings.find((finding) => finding.verdict === "sick") };
}

async function followed(
  hop: Hop,
  journey: Journey,
  cause: Sickness | undefined,
): Promise<[Finding, goesOn: boolean]> {
  try {
    return [{ hop: hop.name, verdict: "well", text: await hop.follow(journey) }, true];
  } catch (error) {
    const { message, fix } = error as { message: string; fix?: string };
    const because = cause ? ` (because of ${cause.hop}, see there)` : "";
    const text = `${message.replace(/\.$/, "")}${because}`;
    return [{ hop: hop.name, verdict: "sick", text, fix: fix ?? LOOK_UP }, error instanceof Blemish];
  }
}

function troubledServer({ name, services }: Hop, status: Status): Sickness | undefined {
  const mine = status.services.filter(({ service }) => services.some((one) => isOf(one, service)));
  const down = mine.find(isDown);
  if (down) return downServer(name, down);
  const [full] = mine.flatMap((service) => fullDisk(service) ?? []);
  return full && { hop: name, verdict: "sick", ...full };
}

function downServer(hop: string, { service, container, state, health }: ServiceStatus): Sickness {
  const fix =
    state === "gone"
      ? "`npm run refresh`, then `npm run up` makes it again."
      : `\`docker logs ${container}\` shows why; \`docker ${state === "paused" ? "unpause" : "restart"} ${container}\` starts it.`;
  const is = state === "running" ? health : state;
  return { hop, verdict: "sick", text: `container ${container} (${service}) is ${is}`, fix };
}
