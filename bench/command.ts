/** The command line of the benchmark. Loads nothing heavy: the work is in main.ts, loaded when the command runs. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { npmCommand } from "../stack/npm-command";
import { type BenchRequest, type Contender, SCENARIOS, type Scenario, SYSTEMS } from "./request";

interface CommandLine {
  only: Scenario[];
  systems: Contender[];
  rows: number;
  streamMinutes: number;
  tables: number;
  peer: boolean;
}

/** `npm run bench -- …`, to be added to the program that runs the npm scripts. */
export function benchCommand(prepare: (needsPython: boolean) => Promise<void>): Command {
  return npmCommand("bench")
    .description("measure this platform, the seed's way, limits and a peer side by side; about 50 minutes")
    .addOption(some("--only <scenario,…>", SCENARIOS))
    .addOption(some("--systems <system,…>", SYSTEMS))
    .option("--rows <n>", "rows to insert, and of the snapshot", wholeNumber, 1_000_000)
    .option("--stream-minutes <minutes>", "how long each stream of changes goes on", minutes, 10)
    .option("--tables <n>", "tables that are added to a running stack", wholeNumber, 1_000)
    .option("--no-peer", "leave the peer out")
    .addHelpText(
      "after",
      "\nIt stands up stacks of its own and destroys them, also on Ctrl-C; let nothing else run meanwhile." +
        "\nResults: bench/results/<date>-<host>.json, .md and .svg. What is measured and how: bench/README.md.",
    )
    .action(async ({ only, systems, rows, streamMinutes, tables, peer }: CommandLine) => {
      const request: BenchRequest = {
        scenarios: SCENARIOS.filter((scenario) => only.includes(scenario)),
        systems: SYSTEMS.filter((system) => systems.includes(system) && (peer || system !== "peer")),
        rows,
        streamMinutes,
        tables,
      };
      // Not import(): tsx, as it runs here, leaves that one to Node.js, which knows no TypeScript.
      const { run }: typeof import("./main") = require("./main");
      await prepare(request.systems.includes("limits"));
      // What a part that failed left under way would keep the process going.
      process.exit(await run(request));
    });
}

function some<T extends string>(flags: string, all: readonly T[]): Option {
  return new Option(flags, `only these of ${all.join(", ")}`).argParser(listOf(all)).default([...all], "all");
}

function listOf<T extends string>(allowed: readonly T[]): (text: string) => T[] {
  return (text) =>
    text.split(",").map((word) => {
      const found = allowed.find((name) => name === word.trim());
      if (!found) throw new InvalidArgumentError(`${word} is none of ${allowed.join(", ")}.`);
      return found;
    });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{2,8}$/.test(text))
    throw new InvalidArgumentError("It must be a whole number of at least 100.");
  return Number(text);
}

function minutes(text: string): number {
  const value = Number(text);
  if (!(value >= 0.2 && value <= 1440)) {
    throw new InvalidArgumentError("It must be a number of minutes between 0.2 and 1440.");
  }
  return value;
}
