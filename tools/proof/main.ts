/** The service: compares source and lake all the time, part after part, within a budget, and says what it found. */
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import writeFileAtomic from "write-file-atomic";
import { type CapturedTable, chosenTables } from "../../stack/platform";
import {
  afterRound,
  afterStart,
  findingOf,
  type Ledger,
  newLedger,
  nextTable,
  type Outcome,
  tableIn,
  withOutcome,
} from "./ledger";
import { metricsText, type Totals } from "./metrics";
import { pauseAfter } from "./pace";
import { serve } from "./server";
import { type Settings, settingsShape } from "./settings";
import { proveNext, type UnitResult } from "./unit";

const SETTINGS = "/etc/proof/settings.json";
/** The only folder that is written to. */
const FOLDER = "/var/lib/proof";
/** Seconds until the next try when nothing could be compared. */
const AFTER_FAILURE = 10;

class Proof {
  private readonly file = path.join(FOLDER, "ledger.json");
  private readonly tables: readonly CapturedTable[];
  private readonly totals = { rows: 0, bytes: 0 };
  private ledger: Ledger;

  constructor(private readonly settings: Settings) {
    this.tables = chosenTables(settings).chosen;
    this.ledger = afterStart(readLedger(this.file) ?? newLedger(now()));
  }

  get names(): string[] {
    return this.tables.map(({ name }) => name);
  }

  metrics(): string {
    const { user, system } = process.cpuUsage();
    const totals: Totals = {
      ...this.totals,
      cpuSeconds: (user + system) / 1e6,
      residentBytes: process.memoryUsage.rss(),
    };
    return metricsText(this.ledger, this.names, totals);
  }

  report(): object {
    const tables = this.names.map((name) => {
      const table = tableIn(this.ledger, name);
      const { verifiedThrough, notProven } = table;
      return { table: name, verifiedThrough, finding: findingOf(table), notProven };
    });
    const { round, roundBegan, lastRoundSeconds, stalled } = this.ledger;
    return { round, roundBegan, lastRoundSeconds, stalled, tables };
  }

  /** Until the process ends. */
  async run(): Promise<never> {
    for (;;) {
      const table = nextTable(this.ledger, this.tables);
      if (table) await this.unit(table);
      else await this.keep(afterRound(this.ledger, this.names, now()));
    }
  }

  /** For an end that was asked for. */
  end(): void {
    fs.writeFileSync(this.file, JSON.stringify({ ...this.ledger, trying: null }));
  }

  private async unit(table: CapturedTable): Promise<void> {
    const from = tableIn(this.ledger, table.name).pass?.next;
    const isFinding = await this.paced(async () => {
      const first = await this.attempt(table, from);
      const differs = first?.outcome.kind === "compared" && first.outcome.found !== null;
      if (differs) await this.keep({ ...this.ledger, trying: null });
      if (first && !differs) await this.take(table, first.outcome);
      return { result: first, value: differs };
    });
    // A difference counts when a second look, at a later moment, sees one too.
    if (!isFinding) return;
    await this.paced(async () => {
      const second = await this.attempt(table, from);
      if (second) await this.take(table, second.outcome);
      return { result: second, value: undefined };
    });
  }

  private async take(table: CapturedTable, outcome: Outcome): Promise<void> {
    const before = findingOf(tableIn(this.ledger, table.name));
    await this.keep(withOutcome(this.ledger, table.name, outcome));
    const finding = findingOf(tableIn(this.ledger, table.name));
    if (finding && !before) console.log(`${table.name} is not the source's: ${finding.examples.join(" | ")}`);
    if (!finding && before) console.log(`${table.name} is the source's again`);
  }

  /** @returns undefined when nothing can be compared at present */
  private async attempt(table: CapturedTable, from: string | undefined): Promise<UnitResult | undefined> {
    await this.keep({ ...this.ledger, trying: table.name });
    try {
      return await proveNext(table, from, this.settings);
    } catch (error) {
      const { message } = error as Error;
      if (this.ledger.stalled !== message) console.log(`waiting: ${message}`);
      await this.keep({ ...this.ledger, stalled: message, trying: null });
      await pause(AFTER_FAILURE * 1000);
      return undefined;
    }
  }

  /** Rests after the work as long as its cost asks for. */
  private async paced<T>(work: () => Promise<{ result: UnitResult | undefined; value: T }>): Promise<T> {
    const cpu = process.cpuUsage();
    const began = performance.now();
    const { result, value } = await work();
    const { user, system } = process.cpuUsage(cpu);
    const { rows = 0, bytes = 0, busy = 0 } = result ?? {};
    this.totals.rows += rows;
    this.totals.bytes += bytes;
    const seconds = (performance.now() - began) / 1000;
    const cost = { cpuSeconds: (user + system) / 1e6 + busy, bytes, seconds };
    await pause(pauseAfter(cost, this.settings.budget) * 1000);
    return value;
  }

  private async keep(ledger: Ledger): Promise<void> {
    this.ledger = ledger;
    await writeFileAtomic(this.file, JSON.stringify(ledger));
  }
}

function readLedger(file: string): Ledger | undefined {
  try {
    const ledger = JSON.parse(fs.readFileSync(file, "utf8")) as Ledger;
    return ledger.version === 1 ? ledger : undefined;
  } catch {
    return undefined;
  }
}

function now(): string {
  return new Date().toISOString();
}

async function main(): Promise<void> {
  const settings = settingsShape.parse(JSON.parse(fs.readFileSync(SETTINGS, "utf8")));
  // What a process that was killed left.
  const work = path.join(FOLDER, "work");
  fs.rmSync(work, { recursive: true, force: true });
  fs.mkdirSync(work);
  process.env.TMPDIR = work;
  const proof = new Proof(settings);
  const end = () => {
    proof.end();
    process.exit(0);
  };
  process.once("SIGTERM", end).once("SIGINT", end);
  serve(settings.port, { "/metrics": () => proof.metrics(), "/proof": () => JSON.stringify(proof.report()) });
  console.log(`comparing ${proof.names.length} tables`);
  await proof.run();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
