/** The command line of the data generator. Loads nothing heavy: the work is in main.ts, loaded when the command runs. */
import * as path from "node:path";
import { Command, Help, InvalidArgumentError, Option, type ParseOptionsResult } from "commander";
import type { ChangeMix, DatagenRequest, FileFormat } from "./request";
import { expandShortOptions, shortOptions } from "./short-options";

const defaultGeneratedRows = 1000;
/** Rows in one COPY when streaming: large enough for full speed, small enough for bounded memory. */
const streamingBatchSize = 10_000;
const defaultBatchSize = 10;

interface CommandLine {
  input?: string;
  host: string;
  port: number;
  user: string;
  password?: string;
  database: string;
  table: string;
  sep: string;
  source_file_extension?: FileFormat;
  row_sleep_time: number;
  batch_size?: number;
  repeat: number;
  row_size: number;
  shuffle: boolean;
  primary_key?: string;
  seed: number;
  firstId: number;
  skipBadRows?: string;
  changes?: number;
  rate: number;
  mix: ChangeMix;
}

/** `npm run datagen -- …`, to be added to the program that runs the npm scripts. */
export function datagenCommand(): Command {
  return new DatagenCommand("datagen")
    .description(
      "write a CSV or Parquet file, or generated customers, into a PostgreSQL table; then change its rows at random",
    )
    .configureHelp({
      commandUsage: (command) => `npm run ${command.name()} -- [options]`,
      optionTerm: (option) => [...seedNames(option), new Help().optionTerm(option)].join(", "),
    })
    .showHelpAfterError("(npm run datagen -- --help shows the options)")
    .allowExcessArguments(false)
    .option("-i, --input <file>", "CSV or Parquet file (default: generated customers)", userPath)
    .option("--host <name>", "of the PostgreSQL server", "localhost")
    .option("-p, --port <number>", "of the PostgreSQL server", wholeNumber(1, 65_535), 5432)
    .option("-u, --user <name>", "PostgreSQL role", "postgres")
    .option(
      "--password <password>",
      "better in the environment variable PGPASSWORD, where `ps` does not show it",
    )
    .option("--database <name>", "name of the database", "postgres")
    .requiredOption("-t, --table <name>", "table or schema.table; case is kept; made when absent")
    .option("-s, --sep <separator>", "between the fields of a CSV file; \\t is a tab", separator, ",")
    .option("-e, --source_file_extension <csv|parquet>", "format of the file (default: by its name)", format)
    .option("--row_sleep_time <seconds>", "pause after each batch; 0 streams at full speed", seconds, 0.5)
    .option(
      "-b, --batch_size <rows>",
      `rows in a transaction (default: ${defaultBatchSize}; when streaming ${streamingBatchSize})`,
      wholeNumber(1, 1_000_000),
    )
    .option("-r, --repeat <times>", "how many times the rows are written", wholeNumber(1), 1)
    .option(
      "--row_size <rows>",
      `only the first rows; 0: all of a file, ${defaultGeneratedRows} generated`,
      wholeNumber(0),
      0,
    )
    .addOption(
      new Option("--shuffle [yes|no]", "in random order (all rows in memory)")
        .argParser(yesOrNo)
        .preset("yes")
        .default(false, "no"),
    )
    .option("--primary_key <columns>", "column or columns,separated,by,commas; for --changes the key to use")
    .option("--seed <number>", "of everything random", wholeNumber(0, 0x7fff_ffff), 1)
    .option("--first-id <number>", "customerId of the first generated customer", wholeNumber(0), 1)
    .option(
      "--skip-bad-rows <file>",
      "put rows that do not fit there, with the reason, instead of stopping",
      userPath,
    )
    .option(
      "--changes <number>",
      "random inserts, updates and deletes; with -i or -rs after the load",
      wholeNumber(1),
    )
    .option("--rate <per second>", "of the changes; 0 is as fast as possible", rate, 100)
    .addOption(
      new Option("--mix <weights>", "of the changes")
        .argParser(mix)
        .default({ insert: 40, update: 40, delete: 20 }, "insert=40,update=40,delete=20"),
    )
    .action(async (options: CommandLine) => {
      // Not import(): tsx, as it runs here, leaves that one to Node.js, which knows no TypeScript.
      const { run }: typeof import("./main") = require("./main");
      await run(toRequest(options));
    });
}

class DatagenCommand extends Command {
  override parseOptions(args: string[]): ParseOptionsResult {
    return super.parseOptions(expandShortOptions(args));
  }
}

/** Exported for the tests: what the parsed options mean together. */
export function toRequest(options: CommandLine): DatagenRequest {
  const streaming = options.row_sleep_time === 0;
  const onlyChanges = options.changes !== undefined && options.input === undefined && options.row_size === 0;
  return {
    connection: {
      host: options.host,
      port: options.port,
      user: options.user,
      database: options.database,
      password: options.password,
    },
    table: options.table,
    primaryKey: options.primary_key,
    seed: options.seed,
    load: onlyChanges
      ? undefined
      : {
          input: options.input,
          format: options.source_file_extension ?? formatOf(options.input ?? ""),
          separator: options.sep,
          pause: options.row_sleep_time,
          batchSize: options.batch_size ?? (streaming ? streamingBatchSize : defaultBatchSize),
          repeat: options.repeat,
          rowLimit: options.row_size || (options.input === undefined ? defaultGeneratedRows : undefined),
          shuffle: options.shuffle,
          firstId: options.firstId,
          badRowsFile: options.skipBadRows,
        },
    changes:
      options.changes === undefined
        ? undefined
        : { count: options.changes, rate: options.rate, mix: options.mix },
  };
}

function seedNames(option: Option): string[] {
  return [...shortOptions].filter(([, long]) => long === option.long).map(([short]) => short);
}

/** npm starts a script in the repository's folder and tells where the user was. */
function userPath(text: string): string {
  return path.resolve(process.env.INIT_CWD ?? process.cwd(), text);
}

function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`It must be a whole number ${range}.`);
    }
    return value;
  };
}

function atLeastZero(text: string, what: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError(`It must be a number ${what}, 0 or more.`);
  }
  return value;
}

function seconds(text: string): number {
  return atLeastZero(text, "of seconds");
}

function rate(text: string): number {
  return atLeastZero(text, "of changes per second");
}

function separator(text: string): string {
  const value = text.replaceAll("\\t", "\t");
  if (value === "" || /["\r\n]/.test(value)) {
    throw new InvalidArgumentError("It must be one or more characters, without quotes and line ends.");
  }
  return value;
}

function format(text: string): FileFormat {
  const value = text.toLowerCase().replace(/^\./, "");
  if (value !== "csv" && value !== "parquet") throw new InvalidArgumentError("It must be csv or parquet.");
  return value;
}

function formatOf(file: string): FileFormat {
  return /\.(parquet|pq)$/i.test(file) ? "parquet" : "csv";
}

function yesOrNo(text: string): boolean {
  if (/^(yes|true|t|y|1)$/i.test(text)) return true;
  if (/^(no|false|f|n|0)$/i.test(text)) return false;
  throw new InvalidArgumentError("It must be yes or no.");
}

/** `insert=1,update=8,delete=1`; a kind that is left out gets weight 0. */
function mix(text: string): ChangeMix {
  const weights: ChangeMix = { insert: 0, update: 0, delete: 0 };
  for (const part of text.split(",")) {
    const match = /^\s*(insert|update|delete)\s*=\s*(\d+(?:\.\d+)?)%?\s*$/.exec(part);
    if (!match) {
      throw new InvalidArgumentError("It must look like insert=40,update=40,delete=20 (relative weights).");
    }
    weights[match[1] as keyof ChangeMix] = Number(match[2]);
  }
  if (weights.insert + weights.update + weights.delete <= 0) {
    throw new InvalidArgumentError("At least one weight must be more than 0.");
  }
  return weights;
}
