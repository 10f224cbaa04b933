/** What happens to a row that does not fit: it stops the load, or it is put aside into a file. */
import * as fs from "node:fs";
import { UserError } from "../../../stack/console";
import type { Place, Source } from "../sources/source";

export interface BadRow extends Place {
  column?: string | undefined;
  reason: string;
}

export interface BadRows {
  /** Puts it aside, or throws a UserError with its line number, column and reason. */
  handle(row: BadRow): Promise<void>;
  /** False: the first one throws. */
  readonly putsAside: boolean;
  readonly count: number;
  close(): void;
}

/** `file` absent: the first bad row stops. Throws a UserError when the file is there already. */
export function badRowsFor(source: Source, file: string | undefined): BadRows {
  return file === undefined ? stopping(source) : aside(source, file);
}

async function describe(source: Source, { column, reason, ...place }: BadRow): Promise<string> {
  const where = await source.locate(place);
  return column === undefined ? `${where}: ${reason}` : `${where}, column ${column}: ${reason}`;
}

function stopping(source: Source): BadRows {
  return {
    putsAside: false,
    count: 0,
    async handle(row) {
      throw new UserError(
        `${source.title}, ${await describe(source, row)}.`,
        `${source.remedy}, or put such rows aside with --skip-bad-rows FILE.`,
      );
    },
    close() {},
  };
}

/**
 * A row goes there as it stands in the source, byte by byte, below a line `# line 17, column a: why`; the first line is
 * the source's. Without the lines that start with `# ` the file can be corrected and loaded.
 */
function aside(source: Source, file: string): BadRows {
  if (fs.existsSync(file)) {
    throw new UserError(
      `--skip-bad-rows: ${file} is there already.`,
      "Move it away or give another name; bad rows of an earlier run are not overwritten.",
    );
  }
  let output: number | undefined;
  const opened = async () => {
    if (output !== undefined) return output;
    output = fs.openSync(file, "wx");
    const header = await source.header();
    if (header) fs.writeSync(output, Buffer.concat([header, Buffer.from("\n")]));
    return output;
  };
  let count = 0;
  return {
    putsAside: true,
    get count() {
      return count;
    },
    async handle(row) {
      const to = await opened();
      const why = (await describe(source, row)).replace(/\s+/g, " ");
      fs.writeSync(
        to,
        Buffer.concat([Buffer.from(`# ${why}\n`), await source.original(row), Buffer.from("\n")]),
      );
      count++;
    },
    close() {
      if (output !== undefined) fs.closeSync(output);
    },
  };
}
