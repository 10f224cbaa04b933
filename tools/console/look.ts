/** One look at the whole stack, over the network alone: what `npm run status` sees but for containers, disks and the lake's files. */
import { Bucket } from "../../readers/lake/bucket";
import { TableNotes } from "../../readers/lake/table-notes";
import { chosenTables } from "../../stack/platform";
import { forStack } from "../status/for-stack";
import { MOST_MS } from "../status/in-time";
import { networkAlarms, readNetwork } from "../status/network";
import { overviewLine } from "../status/overview";
import { Parts } from "../status/parts";
import { standingOf, type TableStanding } from "../status/standing";
import { behindOf } from "../status/topics";
import { edgesOf, type Found, nodesOf } from "./graph";
import { withSample } from "./history";
import { type Job, readJob, tablesIn } from "./job";
import { probe, silenceOf } from "./probe";
import type { Settings } from "./settings";
import type { Sample, TableRow, View } from "./view";

export class Looks {
  private readonly notes: TableNotes;
  private readonly tables: ReturnType<typeof chosenTables>["chosen"];
  private history: readonly Sample[] = [];

  constructor(private readonly settings: Settings) {
    this.notes = new TableNotes(Bucket.of(settings), settings.lakeRoot);
    this.tables = chosenTables(settings).chosen;
  }

  async look(): Promise<View> {
    const { settings } = this;
    const parts = new Parts();
    const at = Date.now();
    const master = settings.services.find(({ service }) => service === "spark-master")?.address;
    const containerOf = (name: string) =>
      settings.services.find(({ service }) => service === name)?.container;
    const [answers, network, job, notes = new Map()] = await Promise.all([
      probe(settings.services, MOST_MS),
      readNetwork(settings, this.tables, { parts, patience: () => MOST_MS, containerOf }),
      parts.ask(
        "the streaming job",
        MOST_MS,
        readJob(`http://${master}`, settings.streamingJobName, MOST_MS),
      ),
      parts.ask("the object store", MOST_MS, this.notes.read()),
    ]);
    const silent: Job = { job: "not known", error: "Spark's master does not answer" };
    const lake = { ...(job ?? silent), tables: tablesIn(notes) };
    const alarms = [...silenceOf(answers), ...networkAlarms(network, lake, settings)].map(
      ({ about, text }) => ({ about, text: forStack(text, settings) }),
    );
    this.history = withSample(this.history, sampleOf(at, network));
    const { notReached } = parts;
    const found: Found = {
      ...{ answers, network, job: lake.job, tables: this.tables.length, alarms, notReached },
    };
    const well = [
      `${answers.filter(({ error, address }) => error === null && address !== null).length} services answer`,
      network.position?.status ?? "no connector",
      `the streaming job is ${lake.job}`,
    ];
    const overview = overviewLine({
      well,
      alarms: alarms.map(({ text }) => text),
      notReached: notReached.map(({ part }) => part),
    });
    const standing = standingOf({
      lake,
      topics: network.topics,
      files: [],
      compared: {},
      proof: network.proof,
    });
    return {
      ...{ stack: settings.stack, at: new Date(at).toISOString(), overview, alarms, notReached },
      well: alarms.length === 0 && notReached.length === 0,
      ...{ nodes: nodesOf(found), edges: edgesOf(found, this.history) },
      ...{ tables: standing.map(rowOf), history: this.history },
    };
  }
}

/** Pure. */
export function sampleOf(at: number, { topics, position }: Found["network"]): Sample {
  const { behind, behindSeconds } = behindOf(topics);
  const isKnown = topics.length > 0;
  const written = isKnown ? topics.reduce((sum, { end }) => sum + (end ?? 0), 0) : null;
  return {
    ...{ at, written, behind },
    read: written === null || behind === null ? null : written - behind,
    staleness: behind === 0 ? 0 : behindSeconds,
    slotLag: position?.slot?.lagBytes ?? null,
  };
}

/** Pure. */
function rowOf({ table, topic, proven, trouble }: TableStanding): TableRow {
  const { end = null, behind = null, behindSeconds = null } = topic ?? {};
  return { table, end, behind, behindSeconds, provenAt: proven?.verifiedThrough?.at ?? null, trouble };
}
