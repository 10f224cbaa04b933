/**
 * Floating-point numbers. PostgreSQL, Java and DuckDB all print the shortest decimal that reads back as the same
 * number, but each in a notation of its own: `1e+20`, `1.0E20`, `1e20`. The common text is its digits and exponent.
 */

const NOT_FINITE = "('NaN', 'Infinity', '-Infinity')";

/** PostgreSQL expression for the text of a float. */
export function numberSource(text: string): string {
  return `(SELECT CASE WHEN t IN ${NOT_FINITE} THEN t ELSE ${digitsAndExponent("t")} END FROM (SELECT ${text} AS t) AS printed)`;
}

/** DuckDB expression for the lake's text. What is no number keeps its text, and so differs. */
export function numberLake(text: string, type: "FLOAT" | "DOUBLE"): string {
  const number = `TRY_CAST(${text} AS ${type})`;
  return `CASE WHEN ${text} IN ${NOT_FINITE} OR ${number} IS NULL THEN ${text} ELSE ${digitsAndExponent(`(${number}::VARCHAR)`)} END`;
}

/** The expression is the same in PostgreSQL and DuckDB. */
function digitsAndExponent(text: string): string {
  const mantissa = `ltrim(split_part(${text}, 'e', 1), '-')`;
  const exponent = `CAST(coalesce(nullif(split_part(${text}, 'e', 2), ''), '0') AS integer)`;
  const all = `replace(${mantissa}, '.', '')`;
  const digits = `ltrim(rtrim(${all}, '0'), '0')`;
  const power = `(${exponent} - length(split_part(${mantissa}, '.', 2)) + length(${all}) - length(rtrim(${all}, '0')))`;
  const sign = `CASE WHEN ${text} LIKE '-%' THEN '-' ELSE '' END`;
  return `CASE WHEN ${digits} = '' THEN '0' ELSE ${sign} || ${digits} || 'e' || CAST(${power} AS text) END`;
}
