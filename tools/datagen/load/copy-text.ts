/** Rows in the text format of COPY, checked as far as it can be done without the server. Pure. */
import { integerRanges, isInteger, looksLikeInteger } from "../sources/integers";
import type { Value } from "../sources/source";

export interface CheckedColumn {
  name: string;
  type: string;
}

/** A value that cannot be written; `column` is its name. */
export interface Unfit {
  column: string;
  reason: string;
}

const special = /[\\\n\r\t]/;
const specials = /[\\\n\r\t]/g;
const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
/** U+0000, which PostgreSQL's text cannot hold, and what stands for bytes that are not UTF-8. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is the character looked for.
const unstorable = /[\u0000\uFFFD]/;

export class CopyText {
  readonly #integers: (string | undefined)[];

  constructor(private readonly columns: CheckedColumn[]) {
    this.#integers = columns.map(({ type }) => (type in integerRanges ? type : undefined));
  }

  /** The row with its line end, or why it does not fit. */
  encode(values: Value[]): string | Unfit {
    let line = "";
    for (let i = 0; i < values.length; i++) {
      if (i > 0) line += "\t";
      const value = values[i] as Value;
      if (value === null) {
        line += "\\N";
        continue;
      }
      const type = this.#integers[i];
      if (type !== undefined && !isInteger(value, type)) return this.#unfit(i, explainInteger(value, type));
      line += special.test(value)
        ? value.replace(specials, (character) => escapes[character] as string)
        : value;
    }
    if (unstorable.test(line)) return this.#explainUnstorable(values);
    return `${line}\n`;
  }

  #unfit(index: number, reason: string): Unfit {
    return { column: (this.columns[index] as CheckedColumn).name, reason };
  }

  #explainUnstorable(values: Value[]): Unfit {
    const index = values.findIndex((value) => value !== null && unstorable.test(value));
    return this.#unfit(
      index,
      values[index]?.includes("\0")
        ? "holds a zero byte, which PostgreSQL's text cannot store"
        : "holds bytes that are not UTF-8 (or U+FFFD, which stands for such); iconv converts a file",
    );
  }
}

function explainInteger(value: string, type: string): string {
  const shown = JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  return looksLikeInteger(value)
    ? `${shown} does not fit into ${type}`
    : `${shown} is not an integer (${type})`;
}
