/**
 * CSV (RFC 4180 with any separator, UTF-8, first line = column names). An empty field is NULL, as with pandas, from
 * which the seed's generator took its rows.
 */
import { createReadStream, promises as fs } from "node:fs";
import * as path from "node:path";
import { type CsvError, type Parser, parse } from "csv-parse";
import { UserError } from "../../../stack/console";
import { TypeInference } from "./inference";
import { LineNumbers } from "./line-numbers";
import type { Place, Source, SourceItem, Survey, Value } from "./source";

const blockSize = 1000;
/** A quote that is never closed ends here and not at the end of a huge file. */
const longestRecord = 16 * 2 ** 20;

interface ParsedRecord extends Place {
  fields: string[];
}

interface ParseFailure {
  failure: CsvError;
}

/** Throws a UserError when the file cannot be read or its first line is no list of column names. */
export async function csvFile(file: string, separator: string): Promise<Source> {
  const title = path.basename(file);
  await checkIsText(file);
  const lines = new LineNumbers(file);
  const header = await readHeader(file, separator);
  const columns = checkHeader(header.fields, title);

  async function readBytes({ start, end }: Place): Promise<Buffer> {
    const handle = await fs.open(file);
    try {
      const buffer = Buffer.alloc(end - start);
      await handle.read(buffer, 0, buffer.length, start);
      return buffer;
    } finally {
      await handle.close();
    }
  }

  /** The first line that is not empty, from `start` on. */
  async function physicalLine(start: number): Promise<Place> {
    let position = start;
    let inLine = false;
    for await (const chunk of createReadStream(file, { start }) as AsyncIterable<Buffer>) {
      for (const byte of chunk) {
        const lineEnd = byte === 10 || byte === 13;
        if (!inLine && lineEnd) start++;
        if (!lineEnd) inLine = true;
        position++;
        if (inLine && byte === 10) return { start, end: position };
      }
    }
    return { start, end: position };
  }

  async function* blocks(): AsyncGenerator<SourceItem[]> {
    let position = header.end;
    for (;;) {
      let failure: CsvError | undefined;
      for await (const parsed of records(file, separator, position)) {
        if ("failure" in parsed) {
          failure = parsed.failure;
          break;
        }
        position = (parsed.at(-1) as ParsedRecord).end;
        yield parsed.map((record) => toItem(record, columns));
      }
      if (failure === undefined) return;
      // Where a row with a broken quote ends cannot be known: its first line is the bad row, and reading goes on after it.
      const line = await physicalLine(position);
      yield [{ ...line, broken: describeFailure(failure), column: failedColumn(failure, columns) }];
      position = line.end;
    }
  }

  return {
    title,
    remedy: "Correct the row",
    columns,
    blocks,
    async survey(signal): Promise<Survey> {
      const inference = new TypeInference(columns);
      let rows = 0;
      for await (const block of blocks()) {
        signal.throwIfAborted();
        rows += block.length;
        for (const item of block) if ("values" in item) inference.add(item.values, item);
      }
      return { rows, columns: inference.columns() };
    },
    locate: async ({ start }) => `line ${await lines.at(start)}`,
    original: async (place) => trimLineEnds(await readBytes(place)),
    header: async () => trimLineEnds(await readBytes({ start: 0, end: header.end })),
  };
}

async function checkIsText(file: string): Promise<void> {
  const beginning = Buffer.alloc(4);
  try {
    const handle = await fs.open(file);
    await handle.read(beginning, 0, 4, 0).finally(() => handle.close());
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(
      code === "ENOENT" ? `There is no file ${file}.` : `${file} cannot be read: ${message}.`,
      "Check -i.",
    );
  }
  if (beginning.toString("latin1") === "PAR1") {
    throw new UserError(`${file} is a Parquet file, not CSV.`, "Give -es parquet.");
  }
  if (beginning.readUInt16LE(0) === 0xfeff || beginning.readUInt16LE(0) === 0xfffe) {
    throw new UserError(`${file} is UTF-16.`, `Convert it: iconv -f UTF-16 -t UTF-8 ${file} > utf8.csv`);
  }
}

/** Records in order, in blocks; a record that cannot be parsed ends them with its failure. */
async function* records(
  file: string,
  separator: string,
  start: number,
): AsyncGenerator<ParsedRecord[] | ParseFailure> {
  let failed = false;
  const parser: Parser = parse({
    bom: start === 0,
    delimiter: separator,
    record_delimiter: ["\r\n", "\n"],
    // Rows with too few or too many fields are judged by toItem.
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longestRecord,
    // With these two a failure comes after the records before it; as the stream's error it would overtake them.
    skip_records_with_error: true,
    on_skip: (failure) => {
      if (failure === undefined || failed) return;
      failed = true;
      flush();
      push({ failure });
    },
  });
  // Blocks go through the stream, not records, and the parser's own position is read instead of the copy that its option
  // `info` attaches to each record: twice as fast.
  const push = parser.push.bind(parser);
  let gathered: ParsedRecord[] = [];
  let position = start;
  const flush = () => {
    if (gathered.length > 0) push(gathered);
    gathered = [];
  };
  parser.push = (fields: string[] | null) => {
    if (fields === null) {
      flush();
      return push(null);
    }
    const end = start + parser.info.bytes;
    gathered.push({ fields, start: position, end });
    position = end;
    if (gathered.length === blockSize) flush();
    return true;
  };
  const input = createReadStream(file, { start, highWaterMark: 2 ** 18 });
  input.on("error", (error) => parser.destroy(error));
  input.pipe(parser);
  try {
    for await (const item of parser as AsyncIterable<ParsedRecord[] | ParseFailure>) {
      yield item;
      if ("failure" in item) return;
    }
  } finally {
    input.destroy();
  }
}

async function readHeader(file: string, separator: string): Promise<ParsedRecord> {
  for await (const block of records(file, separator, 0)) {
    if ("failure" in block) {
      throw new UserError(
        `The first line of ${file} cannot be read: ${describeFailure(block.failure)}.`,
        "The first line must hold the column names.",
      );
    }
    if (block[0]) return block[0];
  }
  throw new UserError(`${file} is empty.`, "The first line must hold the column names.");
}

/** Exported for the tests. */
export function checkHeader(names: string[], title: string): string[] {
  const unnamed = names.findIndex((name) => name.trim() === "");
  if (unnamed >= 0) {
    throw new UserError(
      `Column ${unnamed + 1} of ${title} has no name.`,
      "Give each column a name in the first line; check -s when the columns are split wrongly.",
    );
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new UserError(`${title} has two columns named "${twice}".`, "Rename one in the first line.");
  }
  return names;
}

function toItem({ fields, start, end }: ParsedRecord, columns: string[]): SourceItem {
  if (fields.length !== columns.length) {
    const wanted = `${columns.length} fields wanted, ${fields.length} found`;
    const missing = columns
      .slice(fields.length, fields.length + 1)
      .map((name) => `; column ${name} is missing`);
    return { broken: wanted + missing.join(""), start, end };
  }
  const values: Value[] = fields;
  for (let i = 0; i < values.length; i++) if (values[i] === "") values[i] = null;
  return { values, start, end };
}

function describeFailure({ code }: CsvError): string {
  switch (code as string) {
    case "CSV_QUOTE_NOT_CLOSED":
      return "a quote is opened and never closed";
    case "CSV_INVALID_CLOSING_QUOTE":
      return "text follows a closing quote (a quote inside a quoted field is written twice)";
    case "INVALID_OPENING_QUOTE":
      return "a quote stands in a field that is not quoted as a whole (there, it is written twice)";
    case "CSV_MAX_RECORD_SIZE":
      return `longer than ${longestRecord / 2 ** 20} MiB, or a quote is never closed`;
    default:
      return `not CSV (${code})`;
  }
}

function failedColumn({ column }: CsvError, columns: string[]): string | undefined {
  return typeof column === "number" ? columns[column] : undefined;
}

function trimLineEnds(bytes: Buffer): Buffer {
  const isLineEnd = (byte: number | undefined) => byte === 10 || byte === 13;
  let start = 0;
  let end = bytes.length;
  while (start < end && isLineEnd(bytes[start])) start++;
  while (end > start && isLineEnd(bytes[end - 1])) end--;
  return bytes.subarray(start, end);
}
