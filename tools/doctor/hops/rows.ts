import { UserError } from "../../../stack/console";
import type { CapturedTable } from "../../../stack/platform";
import { keepResults } from "../../verify/last-results";
import { verify } from "../../verify/main";
import type { Hop } from "../hop";

/** More than these, of current state and change log together, are left to `verify`: a doctor has to answer within a minute. */
const MOST_ROWS = 500_000;

export const rows: Hop = {
  name: "Rows",
  services: [],
  async follow({ place, lake, status, platform, tables, waiting, patience }) {
    const held = new Map(
      status.lake.tables.map(({ table, state, changes }) => [
        table,
        (state?.rows ?? 0) + (changes?.rows ?? 0),
      ]),
    );
    const { compared, left } = affordable(tables, held, MOST_ROWS);
    if (compared.length === 0) return `not compared: ${leftOut(left)}`;
    const request = {
      tables: [],
      timeout: patience,
      listed: 1,
      all: false,
      json: false,
      ...place,
      engine: undefined,
    };
    const outcome = await verify(platform, compared, request, waiting().say);
    await keepResults(place, lake, outcome);
    const wrong = outcome.tables.filter(({ equal }) => !equal).map(({ table }) => table);
    if (wrong.length > 0) {
      const named = wrong.slice(0, 20).join(" ");
      throw new UserError(
        `the lake's rows of ${wrong.slice(0, 20).join(", ")} are not the source's`,
        `\`npm run resnapshot -- ${named}\` reads them again; \`npm run verify -- --table ${named}\` then says that they are equal, and before which keys differ.`,
      );
    }
    const are = `${compared.length === 1 ? "one table has" : `${compared.length} tables have`} the source's rows`;
    return left.length > 0 ? `${are}; ${leftOut(left)}` : are;
  },
};

/** Pure: as many tables as hold so many rows together, the smallest first. */
export function affordable(
  tables: readonly CapturedTable[],
  held: ReadonlyMap<string, number>,
  most: number,
): { compared: CapturedTable[]; left: CapturedTable[] } {
  const rowsOf = ({ name }: CapturedTable) => held.get(name) ?? 0;
  const compared: CapturedTable[] = [];
  const left: CapturedTable[] = [];
  let total = 0;
  for (const table of [...tables].sort((a, b) => rowsOf(a) - rowsOf(b))) {
    total += rowsOf(table);
    (total <= most ? compared : left).push(table);
  }
  return { compared, left };
}

function leftOut(left: readonly CapturedTable[]): string {
  const names = left.slice(0, 5).map(({ name }) => name);
  const more = left.length > names.length ? ` and ${left.length - names.length} more` : "";
  return `${names.join(", ")}${more} ${left.length === 1 ? "is" : "are"} left to \`npm run verify\`, which takes longer`;
}
