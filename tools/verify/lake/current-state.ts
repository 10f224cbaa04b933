/** Brings the rows of one table's current state into a lane. */
import type { DataFiles, FileRows } from "../../../readers/lake/data-files";
import { type Lane, literal } from "../../../readers/workspace";
import { filesInRange, lakeCondition } from "../compare/key-range";
import type { Plan, Side, SideColumn } from "../compare/plan";
import { hashLake, keyLake, rowText } from "../values/row-text";

const DELETED = "_deleted";
/** Column → PostgreSQL's text of a value that the lake's type cannot hold, as a JSON object. */
const RESCUED = "_rescued_data";

export class CurrentState {
  constructor(
    private readonly lane: Lane,
    private readonly files: DataFiles,
    private readonly side: Side,
  ) {}

  /** Fills the table `state_rows`: k, h of each row, whether it is kept as deleted, and where it is; of the plan's range only. */
  async load({ key, range }: Pick<Plan, "key" | "range">, progress?: (files: number) => void): Promise<void> {
    await this.lane.run(
      "CREATE OR REPLACE TABLE state_rows (k UUID, h BIGINT, deleted BOOLEAN, file INTEGER, row BIGINT)",
    );
    const { columns } = this.side;
    const keyIndexes = key.map((name) => columns.findIndex((column) => column.name === name));
    const text = (indexes: readonly number[]) =>
      rowText(
        indexes.map((index) => `c${index}`),
        "strlen",
      );
    const ranged = columns[keyIndexes[0] ?? -1]?.lakeName ?? "";
    const orders = filesInRange(this.side.table.files, range, this.side.table.columns.get(ranged)?.stored);
    await this.files.eachBlock(
      async (rows) => {
        await this.lane.run(
          `INSERT INTO state_rows
             SELECT ${keyLake(text(keyIndexes))}, ${hashLake(text(columns.map((_, index) => index)))}, deleted, file, row
               FROM (${this.texts(rows)} WHERE ${lakeCondition(range, rows.column(ranged))}) AS texts`,
        );
      },
      { ...(orders && { orders }), ...(progress && { progress }) },
    );
  }

  /** Calls back with relations of the rows' texts in some files: `c0` … */
  async eachTexts(orders: ReadonlySet<number>, read: (relation: string) => Promise<void>): Promise<void> {
    await this.files.eachBlock((rows) => read(this.texts(rows)), { orders });
  }

  /** Whether rows that were deleted may be there. */
  get keepsDeleted(): boolean {
    return this.side.table.columns.has(DELETED);
  }

  private texts(rows: FileRows): string {
    const deleted = this.keepsDeleted ? rows.column(DELETED) : "false";
    const texts = this.side.columns.map((column, index) => `${this.text(rows, column)} AS c${index}`);
    return `SELECT ${[...texts, `${deleted}::BOOLEAN AS deleted`, `${rows.file} AS file`, `${rows.row}::BIGINT AS row`].join(", ")}
      FROM ${rows.from}`;
  }

  private text(rows: FileRows, { form, lakeName }: SideColumn): string {
    const value = rows.column(lakeName);
    const rescued = this.side.table.columns.has(RESCUED) ? rows.column(RESCUED) : "NULL";
    if (value === "NULL" && rescued === "NULL") return "NULL::VARCHAR";
    const text =
      value === "NULL"
        ? "NULL::VARCHAR"
        : form.state(value, this.side.table.columns.get(lakeName)?.type ?? "string");
    if (rescued === "NULL") return text;
    // A JSON pointer: column names may contain anything.
    const pointer = literal(`/${lakeName.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    return `CASE WHEN ${value} IS NOT NULL OR ${rescued} IS NULL THEN ${text} ELSE json_extract_string(${rescued}, ${pointer}) END`;
  }
}
