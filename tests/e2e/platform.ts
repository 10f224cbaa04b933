/** A stack of the tests' own, driven the way a user drives it: through the npm scripts and the published ports. */
import * as fs from "node:fs";
import execa from "execa";
import { stringify } from "yaml";
import type { StackOutputs } from "../../outputs";
import { outputsOf } from "../../stack/outputs";

export interface CommandResult {
  exitCode: number;
  /** Standard output and error, as a person sees them. */
  text: string;
}

export interface ConsumedRecord {
  // biome-ignore lint/suspicious/noExplicitAny: a Debezium envelope
  key: any;
  // biome-ignore lint/suspicious/noExplicitAny: a Debezium envelope
  value: any;
}

export interface LakeTable {
  schema: { name: string; type: string; nullable: boolean }[];
  rows: Record<string, string | null>[];
}

/** What a query over a lake table found, values as PostgreSQL writes them; or why it cannot be read. */
export interface LakeAnswer {
  readonly types: Record<string, string>;
  readonly rows: Record<string, LakeText>[];
  readonly error?: string;
}

export type LakeText = string | null | LakeText[];

/** The tests' stacks: each has its own ports, and a name that begins with `e2e`, so that git ignores its configuration. */
export const PORT_OFFSETS = {
  e2e: 20_000,
  "e2e-verify": 21_000,
  "e2e-kraft": 22_000,
  "e2e-connector": 23_000,
  "e2e-operate": 24_000,
  "e2e-lake": 25_000,
  "e2e-property": 27_000,
  "e2e-values": 26_000,
  "e2e-cases": 28_000,
  "e2e-lifecycle": 19_000,
  "e2e-wide": 18_000,
  "e2e-faults": 17_000,
  "e2e-theirs": 16_000,
  "e2e-own": 15_000,
  "e2e-proof": 14_000,
  "e2e-pipelines": 13_000,
} as const;

/** Milliseconds for an `up` that may have to build every image first, on a busy machine. */
export const WITH_BUILDS_MS = 3_600_000;

/** What an engine says when there was nothing to do: the embedded one in words, the CLI with nothing but unchanged resources. */
export const NO_CHANGES = /no changes|^Resources:\s+\d+ unchanged$/im;

export type TestStackName = keyof typeof PORT_OFFSETS;

export class TestStack {
  readonly portOffset: number;

  /** What the stack's configuration has in each test, unless that says otherwise. */
  readonly usual: Record<string, unknown>;

  constructor(
    readonly name: TestStackName,
    usual: Record<string, unknown> = {},
  ) {
    this.portOffset = PORT_OFFSETS[name];
    this.usual = {
      ...{ portOffset: this.portOffset, walkthroughPasswords: true },
      ...{ continuousProof: false, console: false },
      ...usual,
    };
  }

  /**
   * Writes the stack's configuration: the defaults of Pulumi.yaml but for what is given, the walkthrough's passwords, and the
   * continuous proof and console, which tests of other things do without.
   */
  configure(values: Record<string, unknown> = {}): void {
    const all = { ...this.usual, ...values };
    const config = Object.fromEntries(Object.entries(all).map(([key, value]) => [`cdc:${key}`, value]));
    fs.writeFileSync(
      `Pulumi.${this.name}.yaml`,
      `# Written by the end-to-end tests.\n${stringify({ config })}`,
    );
  }

  /** Runs `npm run <command>` for this stack. */
  async npmRun(command: string, ...args: string[]): Promise<CommandResult> {
    const { exitCode, all } = await execa(
      "node",
      ["cli/launch.mjs", command, "--stack", this.name, ...args],
      {
        all: true,
        reject: false,
        stdin: "ignore",
      },
    );
    return { exitCode, text: all ?? "" };
  }

  /**
   * Removes what a run of the tests left that was cut off, also when its state is lost or in another checkout, where
   * `destroy` has nothing to go by.
   */
  async removeLeftovers(): Promise<void> {
    const containers = ["ps", "-aq"];
    const volumes = ["volume", "ls", "-q"];
    const networks = ["network", "ls", "-q"];
    const found = await Promise.all([containers, volumes, networks].map((kind) => this.docker(...kind)));
    if (found.flat().length === 0) return;
    await this.npmRun("destroy");
    for (const [listing, remove] of [
      [containers, ["rm", "--force", "--volumes"]],
      [volumes, ["volume", "rm"]],
      [networks, ["network", "rm"]],
    ] as const) {
      const ids = await this.docker(...listing);
      if (ids.length > 0) await execa("docker", [...remove, ...ids]);
    }
  }

  async outputs(): Promise<StackOutputs> {
    const { stdout } = await execa("node", [
      "cli/launch.mjs",
      "outputs",
      "--stack",
      this.name,
      "--json",
      "--show-secrets",
    ]);
    return outputsOf(JSON.parse(stdout), this.name);
  }

  /** Names of what Docker has of this stack, such as `docker ps -a --format {{.Names}}`. */
  async docker(...listing: string[]): Promise<string[]> {
    const { stdout } = await execa("docker", [...listing, "--filter", `label=cdc.stack=${this.name}`]);
    return stdout.split("\n").filter(Boolean);
  }

  /** A published port: the walkthrough's, moved by the stack's offset. */
  port(port: number): number {
    return port + this.portOffset;
  }

  container(service: string): string {
    return `${this.name}-${service}`;
  }

  /** `docker exec` of the walkthrough. */
  async exec(service: string, command: string[], input?: string): Promise<string> {
    const { stdout } = await execa("docker", ["exec", "-i", this.container(service), ...command], {
      input: input ?? "",
    });
    return stdout;
  }

  async sql(statements: string): Promise<string> {
    return this.exec(
      "postgresql",
      ["psql", "-U", "postgres", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-Atq"],
      statements,
    );
  }

  /** Every record of a topic, from the beginning, through the console consumer of the walkthrough. */
  async consume(topic: string): Promise<ConsumedRecord[]> {
    const consumer = [
      "/kafka/bin/kafka-console-consumer.sh",
      "--bootstrap-server",
      "kafka:9092",
      "--from-beginning",
    ];
    const output = await this.exec("kafka", [
      ...consumer,
      ...[
        "--property",
        "print.key=true",
        "--property",
        "key.separator=\t",
        "--timeout-ms",
        "8000",
        "--topic",
        topic,
      ],
    ]);
    return recordsOf(output);
  }

  /** A lake table, read by delta-rs through the published S3 port: by another program than the one that wrote it. */
  async lake(table: string): Promise<LakeTable> {
    return this.withDeltaRs("read_delta_table.py", table);
  }

  /** What a query over the lake table `t` finds, again with delta-rs. */
  async queryLake(table: string, query: string): Promise<Record<string, unknown>[]> {
    return this.withDeltaRs("query_delta_table.py", table, [query]);
  }

  /** Many queries with one start of delta-rs: [table below the bucket, query over `t`]. */
  async lakeTexts(queries: (readonly [table: string, query: string])[]): Promise<LakeAnswer[]> {
    const answers = await this.withDeltaRs("lake_texts.py", "", [], JSON.stringify(queries));
    return answers.map((answer: LakeAnswer) => ({
      ...answer,
      types: answer.types ?? {},
      rows: answer.rows ?? [],
    }));
  }

  private async withDeltaRs(
    script: string,
    table: string,
    args: string[] = [],
    input = "",
    // biome-ignore lint/suspicious/noExplicitAny: what the script prints
  ): Promise<any> {
    const { minioUrl, lakeAccessKey, lakeSecretKey, bucket } = await this.outputs();
    const { stdout } = await execa(
      ".venv/bin/python",
      [`tests/e2e/${script}`, `s3://${bucket}/${table}`, ...args],
      {
        input,
        env: {
          AWS_ENDPOINT_URL: minioUrl,
          AWS_ACCESS_KEY_ID: lakeAccessKey,
          AWS_SECRET_ACCESS_KEY: lakeSecretKey,
          AWS_REGION: "us-east-1",
          AWS_ALLOW_HTTP: "true",
        },
      },
    );
    return JSON.parse(stdout);
  }
}

/** What the console consumer printed, with print.key and a tab between key and value. */
export function recordsOf(output: string): ConsumedRecord[] {
  return output
    .split("\n")
    .filter((line) => line.includes("\t"))
    .map((line) => {
      const [key = "null", value = "null"] = line.split("\t");
      return { key: JSON.parse(key), value: JSON.parse(value) };
    });
}

/** Asks again and again until the answer is right; fails with the last answer. */
export async function eventually<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T>,
  isRight: (answer: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (isRight(answer)) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      const text = last instanceof Error ? last.message : JSON.stringify(last)?.slice(0, 2000);
      throw new Error(`${what}: not within ${seconds} s; last seen: ${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
