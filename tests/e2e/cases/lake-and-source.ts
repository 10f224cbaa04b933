/** What the source and the lake have of every table, read once all changes have arrived. */
import { Client } from "pg";
import { lakePath } from "../../../providers/kafka-connect/debezium/table-names";
import { eventually, type LakeAnswer, type TestStack } from "../platform";
import { differences, type SourceRows, sourceRows } from "./comparison";

export class LakeAndSource {
  private readonly source = new Map<string, SourceRows>();
  private readonly lake = new Map<string, LakeAnswer>();

  /** @param schema of all tables that are named without one */
  constructor(
    private readonly stack: TestStack,
    private readonly schema: string,
  ) {}

  /** Reads the tables from both sides. */
  async read(tables: readonly string[]): Promise<void> {
    const client = new Client({
      host: "localhost",
      port: this.stack.port(5432),
      user: "postgres",
      password: "postgres",
      database: "postgres",
      options: "-c TimeZone=UTC",
    });
    await client.connect();
    try {
      for (const table of tables) this.source.set(table, await sourceRows(client, ...this.nameOf(table)));
    } finally {
      await client.end();
    }
    const answers = await this.stack.lakeTexts(
      tables.map((table) => [`tables/${this.folderOf(table)}`, "select * from t"]),
    );
    tables.forEach((table, n) => {
      this.lake.set(table, answers[n] as LakeAnswer);
    });
  }

  /** Reads again those that are not yet the same, until nothing comes any more: some may never be the same. */
  async readUntilSame(tables: readonly string[], seconds: number): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    let different = tables;
    do {
      await this.read(different);
      different = different.filter((table) => this.differencesOf(table).length > 0);
    } while (different.length > 0 && Date.now() < deadline);
  }

  differencesOf(table: string): string[] {
    const source = this.source.get(table);
    const lake = this.lake.get(table);
    if (!source || !lake) throw new Error(`${table} was not read`);
    return differences(source, lake);
  }

  answerOf(table: string): LakeAnswer {
    const answer = this.lake.get(table);
    if (!answer) throw new Error(`${table} was not read`);
    if (answer.error !== undefined) throw new Error(`${table}: ${answer.error}`);
    return answer;
  }

  /** The current state's rows in order of the first column named, values of these columns. */
  rowsOf(table: string, ...columns: string[]): unknown[][] {
    const { rows } = this.answerOf(table);
    const found = rows.map((row) => columns.map((column) => row[column] ?? null));
    return found.sort((a, b) => String(a[0]).localeCompare(String(b[0]), "en", { numeric: true }));
  }

  /** Messages of a table that could not be applied. */
  async deadLetters(table: string): Promise<number> {
    const [letters] = await this.stack.lakeTexts([
      [`_dead_letter/${this.folderOf(table)}`, "select reason from t"],
    ]);
    // A table without letters has no table of them.
    return letters?.rows.length ?? 0;
  }

  private folderOf(table: string): string {
    const [schema, name] = this.nameOf(table);
    return lakePath({ schema, table: name });
  }

  private nameOf(table: string): [schema: string, table: string] {
    const [, schema, name] = /^(public)\.(.*)$/.exec(table) ?? [];
    return schema && name ? [schema, name] : [this.schema, table];
  }
}

/** Once a row that is written now is in the lake, and one that is written then: all that was committed before is there. */
export async function untilArrived(stack: TestStack, seconds: number): Promise<void> {
  for (const _round of [1, 2]) {
    const id = Date.now();
    await stack.sql(`insert into public.customers1 ("customerId") values (${id})`);
    await eventually(
      "a row of public.customers1 in the lake",
      seconds,
      () =>
        stack.lakeTexts([
          ["tables/public/customers1", `select "customerId" from t where "customerId" = ${id}`],
        ]),
      ([answer]) => answer?.rows.length === 1,
    );
  }
}
