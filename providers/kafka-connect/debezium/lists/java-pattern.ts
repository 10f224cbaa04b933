/** Regular expressions of Debezium's lists, which are Java's, as JavaScript's. */

/** The pattern has something that is not translated, or is none. */
export class PatternRefused extends Error {}

/** What `.` does not match. */
const LINE_ENDS = "\\n\\r\\u0085\\u2028\\u2029";
/** Java's, which know ASCII only; `\b`, and classes of Unicode but the general ones, differ from version to version. */
const CLASSES: Readonly<Record<string, string>> = { d: "0-9", s: " \\t\\n\\v\\f\\r", w: "A-Za-z0-9_" };
const CONTROLS: Readonly<Record<string, string>> = {
  t: "\\t",
  n: "\\n",
  r: "\\r",
  f: "\\f",
  a: "\\u0007",
  e: "\\u001b",
};

/**
 * A pattern as Debezium compiles it: it has to match the whole name, and ignores the case of ASCII letters unless it begins with
 * `(?-i)`. Not translated, and refused: possessive quantifiers, atomic groups, flags elsewhere, back-references, `\b` and other
 * boundaries, classes within classes, and classes by name but general categories such as `\p{L}`.
 *
 * @throws PatternRefused saying what is the trouble
 */
export function javaPattern(source: string): RegExp {
  const flag = /^\(\?(-?)i\)/.exec(source);
  const translation = new Translation(source.slice(flag?.[0].length ?? 0), flag?.[1] !== "-");
  try {
    return new RegExp(`^(?:${translation.whole()})$`, "u");
  } catch (error) {
    if (error instanceof PatternRefused) throw error;
    throw new PatternRefused(
      `is no regular expression: ${(error as Error).message.replace(/^.*\/u: /s, "")}`,
    );
  }
}

/** One run over a pattern. */
class Translation {
  private readonly letters: readonly string[];
  private at = 0;

  constructor(
    pattern: string,
    private readonly ignoresCase: boolean,
  ) {
    this.letters = [...pattern];
  }

  whole(): string {
    let translated = "";
    while (this.at < this.letters.length) translated += this.part();
    return translated;
  }

  private part(): string {
    const letter = this.next();
    switch (letter) {
      case ".":
        return `[^${LINE_ENDS}]`;
      case "\\":
        return this.escape();
      case "[":
        return this.set();
      case "(":
        return this.groupStart();
      case "*":
      case "+":
      case "?":
        return letter + this.greed();
      case "{":
        return this.count() + this.greed();
      case "]":
      case "}":
        return `\\${letter}`;
      case ")":
      case "|":
      case "^":
      case "$":
        return letter;
      default:
        return this.literal(letter);
    }
  }

  private literal(letter: string): string {
    const cases = this.casesOf(letter);
    return cases.length > 1 ? `[${cases.map(inSet).join("")}]` : outsideSet(letter);
  }

  private casesOf(letter: string): string[] {
    if (!this.ignoresCase || !/^[A-Za-z]$/.test(letter)) return [letter];
    return [letter.toLowerCase(), letter.toUpperCase()];
  }

  private escape(): string {
    const letter = this.next();
    if (letter === "Q") return this.quoted();
    if (/^[dsw]$/.test(letter)) return `[${CLASSES[letter]}]`;
    if (/^[DSW]$/.test(letter)) return `[^${CLASSES[letter.toLowerCase()]}]`;
    if (letter === "p" || letter === "P") return this.category(letter);
    const code = this.codePoint(letter);
    if (code !== undefined) return this.literal(code);
    return CONTROLS[letter] ?? this.unescaped(letter, outsideSet);
  }

  /** Any punctuation may follow a backslash in Java. */
  private unescaped(letter: string, written: (letter: string) => string): string {
    if (letter === "") throw new PatternRefused("ends with a backslash");
    if (/^[A-Za-z0-9]$/.test(letter)) throw new PatternRefused(`has \\${letter}, which is not taken here`);
    return written(letter);
  }

  private quoted(): string {
    let text = "";
    while (this.at < this.letters.length) {
      if (this.letters[this.at] === "\\" && this.letters[this.at + 1] === "E") {
        this.at += 2;
        break;
      }
      text += this.literal(this.next());
    }
    return text;
  }

  private category(letter: string): string {
    const [whole, name] = /^(?:\{([A-Z][a-z]?)\}|([A-Z]))/.exec(this.ahead(4)) ?? [];
    const category = name ?? whole;
    if (whole === undefined || (this.ignoresCase && /^L[ult]$/.test(category ?? ""))) {
      throw new PatternRefused(`has a class by name (\\${letter}…) that is not taken here`);
    }
    this.at += whole.length;
    return `\\${letter}{${category}}`;
  }

  private codePoint(letter: string): string | undefined {
    const pattern = { x: /^(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/, u: /^([0-9A-Fa-f]{4})/ }[letter];
    const found = pattern?.exec(this.ahead(8));
    if (!found) return undefined;
    const code = Number.parseInt(found[1] ?? found[2] ?? "", 16);
    if (code > 0x10ffff) throw new PatternRefused("names a character beyond Unicode");
    this.at += found[0].length;
    return String.fromCodePoint(code);
  }

  private groupStart(): string {
    if (this.letters[this.at] !== "?") return "(?:";
    const kind = /^\?(?:<?[=!]|:)/.exec(this.ahead(3))?.[0];
    if (kind === undefined) {
      throw new PatternRefused(`has (${this.ahead(3)}…, a kind of group that is not taken here`);
    }
    this.at += kind.length;
    return `(${kind}`;
  }

  private count(): string {
    const found = /^\d+(?:,\d*)?\}/.exec(this.ahead(24))?.[0];
    if (found === undefined) throw new PatternRefused("has a { that begins no number of times: write \\{");
    this.at += found.length;
    return `{${found}`;
  }

  private greed(): string {
    if (this.letters[this.at] === "+")
      throw new PatternRefused("has a possessive quantifier, not taken here");
    if (this.letters[this.at] !== "?") return "";
    this.at += 1;
    return "?";
  }

  private set(): string {
    let negated = "";
    if (this.letters[this.at] === "^") {
      this.at += 1;
      negated = "^";
    }
    let members = "";
    for (;;) {
      const letter = this.next();
      if (letter === "") throw new PatternRefused("has a [ without its ]");
      if (letter === "]" && members !== "") return `[${negated}${members}]`;
      members += this.member(letter);
    }
  }

  /** One letter, range or class of a set. */
  private member(letter: string): string {
    if (letter === "[" || letter === "]" || (letter === "&" && this.letters[this.at] === "&")) {
      throw new PatternRefused("has a class within a class, not taken here");
    }
    if (letter === "\\" && /^[dsw]$/.test(this.ahead(1)))
      return this.noRangeAfter(CLASSES[this.next()] ?? "");
    if (letter === "\\" && /^[DSWpPQ]$/.test(this.ahead(1))) {
      throw new PatternRefused(`has [\\${this.ahead(1)}…, not taken here`);
    }
    const first = letter === "\\" ? this.escapedInSet() : letter;
    const isRange = this.ahead(1) === "-" && !["]", ""].includes(this.letters[this.at + 1] ?? "");
    if (!isRange) return this.casesOf(first).map(inSet).join("");
    this.at += 1;
    const end = this.next();
    if (end === "[" || (end === "\\" && /^[dswDSWpPQ]$/.test(this.ahead(1)))) {
      throw new PatternRefused("has a range that ends with a class");
    }
    return this.range(first, end === "\\" ? this.escapedInSet() : end);
  }

  private noRangeAfter(members: string): string {
    if (this.ahead(1) === "-" && this.letters[this.at + 1] !== "]") {
      throw new PatternRefused("has a range that begins with a class");
    }
    return members;
  }

  private escapedInSet(): string {
    const letter = this.next();
    const control = CONTROLS[letter];
    if (control !== undefined) return JSON.parse(`"${control.replace("\\v", "\\u000b")}"`) as string;
    return this.codePoint(letter) ?? this.unescaped(letter, (plain) => plain);
  }

  private range(first: string, last: string): string {
    const [from, to] = [first.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0];
    if (from > to) throw new PatternRefused(`has the range ${first}-${last}, which runs backwards`);
    const range = `${inSet(first)}-${inSet(last)}`;
    if (!this.ignoresCase) return range;
    return range + otherCases(from, to);
  }

  private next(): string {
    const letter = this.letters[this.at] ?? "";
    this.at += 1;
    return letter;
  }

  private ahead(count: number): string {
    return this.letters.slice(this.at, this.at + count).join("");
  }
}

/** The ASCII letters of a range in their other case, as a range. */
function otherCases(from: number, to: number): string {
  return [
    { first: 0x41, last: 0x5a, shift: 32 },
    { first: 0x61, last: 0x7a, shift: -32 },
  ]
    .map(({ first, last, shift }) => ({ low: Math.max(from, first), high: Math.min(to, last), shift }))
    .filter(({ low, high }) => low <= high)
    .map(({ low, high, shift }) => `${String.fromCharCode(low + shift)}-${String.fromCharCode(high + shift)}`)
    .join("");
}

function inSet(letter: string): string {
  return /^[\\\]^[-]$/.test(letter) ? `\\${letter}` : letter;
}

function outsideSet(letter: string): string {
  return /^[\\^$.|?*+()[\]{}/]$/.test(letter) ? `\\${letter}` : letter;
}
