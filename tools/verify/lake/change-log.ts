/** Brings the events of one table's change log into a lane. */

import type { DataFiles } from "../../../readers/lake/data-files";
import type { Lane } from "../../../readers/workspace";
import type { SideColumn } from "../compare/plan";
import { EVENT_COLUMNS, type EventShape, eventRows, eventTexts, fileSource } from "./event-sql";

export class ChangeLog {
  constructor(
    private readonly lane: Lane,
    private readonly files: DataFiles,
    /** What Debezium writes for a value that PostgreSQL did not log. */
    readonly placeholder: string,
  ) {}

  /** Fills the table `events`. */
  async load(shape: EventShape, progress?: (files: number) => void): Promise<void> {
    await this.lane.run(`CREATE OR REPLACE TABLE events (${EVENT_COLUMNS})`);
    await this.files.eachBlock(
      async (rows) => {
        await this.lane.run(`INSERT INTO events ${eventRows(fileSource(rows, this.placeholder), shape)}`);
      },
      { progress },
    );
  }

  /** Calls back with relations of the events' texts in some files. */
  async texts(
    columns: readonly SideColumn[],
    orders: ReadonlySet<number>,
    read: (relation: string) => Promise<void>,
  ): Promise<void> {
    await this.files.eachBlock((rows) => read(eventTexts(fileSource(rows, this.placeholder), columns)), {
      orders,
    });
  }

  /** Where each column has its first value: the smallest offset. Columns without any value are left out. */
  async firstValues(columns: readonly SideColumn[]): Promise<Map<string, bigint>> {
    const found = new Map<string, bigint>();
    await this.files.eachBlock(async (rows) => {
      const source = fileSource(rows, this.placeholder);
      const firsts = columns.map(
        (column, index) =>
          `min(${source.pos}) FILTER (${source.after(column)} IS NOT NULL OR ${source.before(column)} IS NOT NULL)::BIGINT AS p${index}`,
      );
      const row = await this.lane.row<Record<string, bigint | null>>(
        `SELECT ${firsts.join(", ")} FROM ${source.from}`,
      );
      for (const [index, { name }] of columns.entries()) {
        const first = row[`p${index}`];
        if (first === null || first === undefined) continue;
        const known = found.get(name);
        if (known === undefined || first < known) found.set(name, first);
      }
    });
    return found;
  }
}
