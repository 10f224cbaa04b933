/** How PostgreSQL prints values that the lake or Debezium has in another form. Pure; used from SQL (functions.ts). */

/** Up to so many digits before the point PostgreSQL prints a float without an exponent. Source: its `d2s.c` and `f2s.c`. */
export const FLOAT8_DIGITS = 15;
export const FLOAT4_DIGITS = 6;

const NOT_FINITE: Readonly<Record<string, string>> = {
  nan: "NaN",
  "-nan": "NaN",
  inf: "Infinity",
  "-inf": "-Infinity",
};

/**
 * @param shortest the shortest decimal that reads back as the same number, in any notation: `1e+20`, `1.0E20`, `-0.0`
 * @returns what is no number as it is
 */
export function floatText(shortest: string, digitsBeforePoint: number): string {
  const known = NOT_FINITE[shortest];
  if (known) return known;
  const [, sign = "", whole, fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(shortest) ?? [];
  if (whole === undefined) return shortest;
  const all = `${whole}${fraction}`;
  const digits = all.replace(/^0+/, "").replace(/0+$/, "");
  if (digits === "") return `${sign}0`;
  const trailing = all.length - all.replace(/0+$/, "").length;
  // The number is digits × 10^power.
  const power = Number(exponent) - fraction.length + trailing;
  const first = power + digits.length - 1;
  if (first < -4 || first >= digitsBeforePoint) {
    const rest = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0]}${rest}e${first < 0 ? "-" : "+"}${String(Math.abs(first)).padStart(2, "0")}`;
  }
  if (power >= 0) return `${sign}${digits}${"0".repeat(power)}`;
  if (first >= 0) return `${sign}${digits.slice(0, first + 1)}.${digits.slice(first + 1)}`;
  return `${sign}0.${"0".repeat(-first - 1)}${digits}`;
}

/** A one-dimensional array of texts. */
export function arrayText(elements: readonly (string | null)[]): string {
  return `{${elements.map((element) => (element === null ? "NULL" : quoted(element))).join(",")}}`;
}

function quoted(element: string): string {
  const plain = element !== "" && !/^null$/i.test(element) && !/[{}",\\ \t\n\r\v\f]/.test(element);
  return plain ? element : `"${element.replace(/["\\]/g, "\\$&")}"`;
}

/** @param scale digits after the point; undefined leaves the zeros at the end out and says how many there are otherwise */
export function decimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? "-" : "";
  const digits = String(unscaled < 0n ? -unscaled : unscaled);
  if (scale <= 0) return digits === "0" ? "0" : `${sign}${digits}${"0".repeat(-scale)}`;
  const padded = digits.padStart(scale + 1, "0");
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** A decimal of the lake as PostgreSQL prints a `numeric(p,scale)`; digits that would be lost stay. */
export function withScale(text: string, scale: number): string {
  const [whole = "", fraction = ""] = text.split(".");
  const kept = fraction.replace(/0+$/, "").padEnd(scale, "0");
  return kept === "" ? whole : `${whole}.${kept}`;
}
