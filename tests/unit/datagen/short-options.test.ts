import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { datagenCommand, toRequest } from "../../../tools/datagen/command";
import type { DatagenRequest } from "../../../tools/datagen/request";
import { expandShortOptions } from "../../../tools/datagen/short-options";

/** What the command would do with these arguments, or the words of its refusal. */
async function request(...args: string[]): Promise<DatagenRequest> {
  const command = datagenCommand();
  const silent = { writeOut: () => {}, writeErr: () => {} };
  let parsed: DatagenRequest | undefined;
  command
    .action((options) => {
      parsed = toRequest(options);
    })
    .exitOverride()
    .configureOutput(silent);
  await new Command().addCommand(command).parseAsync(["datagen", ...args], { from: "user" });
  return parsed as DatagenRequest;
}

describe("options with one dash and several letters", () => {
  it("reads the seed's command line", async () => {
    const line =
      "-i /home/train/input/customers.csv -hst localhost -p 5432 -s , -u postgres -psw postgres -db postgres -t customers1 -rst 1 -es csv";
    expect(await request(...line.split(" "))).toMatchObject({
      connection: {
        host: "localhost",
        port: 5432,
        user: "postgres",
        password: "postgres",
        database: "postgres",
      },
      table: "customers1",
      load: {
        input: "/home/train/input/customers.csv",
        separator: ",",
        pause: 1,
        format: "csv",
        batchSize: 10,
        repeat: 1,
        rowLimit: undefined,
        shuffle: false,
      },
      changes: undefined,
    });
  });

  it("takes a value after a space, after an equals sign, or a value that looks like an option", () => {
    expect(expandShortOptions(["-hst", "a", "-rst=0", "-psw", "-db", "-db", "d"])).toEqual([
      "--host=a",
      "--row_sleep_time=0",
      "--password=-db",
      "--database=d",
    ]);
  });

  it("leaves other options, and values that look like its own, alone", () => {
    expect(expandShortOptions(["-t", "-rs", "--table=x", "-b", "5", "--", "-hst"])).toEqual([
      "-t",
      "-rs",
      "--table=x",
      "-b",
      "5",
      "--",
      "-hst",
    ]);
    expect(expandShortOptions(["--password", "-pk", "-pk", "id"])).toEqual([
      "--password",
      "-pk",
      "--primary_key=id",
    ]);
  });

  it("never takes an attached password for a port, which a complaint would show", () => {
    expect(expandShortOptions(["-pswsecret"])).toEqual(["--password=secret"]);
    expect(expandShortOptions(["-psw=se=cret"])).toEqual(["--password=se=cret"]);
  });

  it("takes -shf with and without a value", async () => {
    expect((await request("-t", "a", "-shf")).load?.shuffle).toBe(true);
    expect((await request("-shf", "True", "-t", "a")).load?.shuffle).toBe(true);
    expect((await request("-shf", "false", "-t", "a")).load?.shuffle).toBe(false);
    expect((await request("-shf", "-t", "a")).load?.shuffle).toBe(true);
  });

  it("shows them in the help", () => {
    const help = datagenCommand().helpInformation();
    for (const name of ["-hst", "-psw", "-db", "-es", "-rst", "-rs", "-shf", "-pk"]) {
      expect(help).toMatch(new RegExp(`^ +${name}, `, "m"));
    }
  });
});

describe("what the options mean together", () => {
  it("generates 1000 customers without a file", async () => {
    expect((await request("-t", "a")).load).toMatchObject({ input: undefined, rowLimit: 1000, pause: 0.5 });
  });

  it("streams in large batches with -rst 0, unless -b says otherwise", async () => {
    expect((await request("-t", "a", "-rst", "0")).load?.batchSize).toBe(10_000);
    expect((await request("-t", "a", "-rst", "0", "-b", "7")).load?.batchSize).toBe(7);
  });

  it("only changes with --changes, and loads before that with -i or -rs", async () => {
    expect((await request("-t", "a", "--changes", "5")).load).toBeUndefined();
    expect((await request("-t", "a", "--changes", "5", "-rs", "3")).load?.rowLimit).toBe(3);
    expect((await request("-t", "a", "--changes", "5", "-i", "f.csv")).load?.input).toMatch(/f\.csv$/);
  });

  it("knows Parquet by the file's name, and -es counts more", async () => {
    expect((await request("-t", "a", "-i", "f.PARQUET")).load?.format).toBe("parquet");
    expect((await request("-t", "a", "-i", "f.parquet", "-e", "csv")).load?.format).toBe("csv");
    expect((await request("-t", "a", "-i", "f", "-es", ".parquet")).load?.format).toBe("parquet");
  });

  it("counts a relative path from where the user is, not from where npm starts the script", async () => {
    process.env.INIT_CWD = "/home/train/input";
    try {
      expect((await request("-t", "a", "-i", "customers.csv")).load?.input).toBe(
        "/home/train/input/customers.csv",
      );
    } finally {
      delete process.env.INIT_CWD;
    }
  });

  it("reads a mix, with 0 for what is left out", async () => {
    const changes = (await request("-t", "a", "--changes", "5", "--mix", "update=3,insert=1")).changes;
    expect(changes).toEqual({ count: 5, rate: 100, mix: { insert: 1, update: 3, delete: 0 } });
  });

  it.each([
    [["-t", "a", "-p", "x"], /whole number from 1 to 65535/],
    [["-t", "a", "-b", "0"], /whole number from 1/],
    [["-t", "a", "-rst", "-1"], /number of seconds, 0 or more/],
    [["-t", "a", "-es", "xls"], /csv or parquet/],
    [["-t", "a", "--mix", "upsert=1"], /insert=40,update=40,delete=20/],
    [["-t", "a", "--mix", "insert=0"], /more than 0/],
    [["-t", "a", "-s", '"'], /without quotes/],
    [["-psw", "secret"], /'-t, --table <name>' not specified/],
  ])("refuses %j", async (args, words) => {
    const refusal = await request(...args).then(
      () => "accepted",
      (error: Error) => error.message,
    );
    expect(refusal).toMatch(words);
    expect(refusal).not.toContain("secret");
  });
});
