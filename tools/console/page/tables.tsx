import { useState } from "preact/hooks";
import type { TableRow } from "../view";
import { HealthMark } from "./health";

/** Of a thousand tables so many at once; the search finds the others. */
const SHOWN = 50;

export function Tables({ rows }: { rows: readonly TableRow[] }) {
  const [search, setSearch] = useState("");
  const [shown, setShown] = useState(SHOWN);
  const wanted = search.trim().toLowerCase();
  const found = rows.filter(
    ({ table, trouble }) => table.toLowerCase().includes(wanted) || trouble?.toLowerCase().includes(wanted),
  );
  return (
    <section aria-labelledby="tables">
      <h2 id="tables">Tables</h2>
      <search>
        <label for="search">Search names and troubles</label>
        <input
          id="search"
          type="search"
          value={search}
          onInput={({ currentTarget }) => {
            setSearch(currentTarget.value);
            setShown(SHOWN);
          }}
        />
        <output for="search">
          {found.length.toLocaleString("en-US")} of {rows.length.toLocaleString("en-US")}
        </output>
      </search>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Table</th>
              <th scope="col" class="number">
                Messages
              </th>
              <th scope="col" class="number">
                Not in the lake
              </th>
              <th scope="col">Proven up to (UTC)</th>
              <th scope="col">Trouble</th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, shown).map((row) => (
              <Row key={row.table} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      {found.length > shown && (
        <button type="button" onClick={() => setShown(shown + 10 * SHOWN)}>
          Show more
        </button>
      )}
    </section>
  );
}

function Row({ row: { table, end, behind, behindSeconds, provenAt, trouble } }: { row: TableRow }) {
  const number = (value: number | null) => (value === null ? "–" : value.toLocaleString("en-US"));
  return (
    <tr>
      <th scope="row">
        <HealthMark health={trouble ? "trouble" : "well"} /> {table}
      </th>
      <td class="number">{end === null ? "no topic" : number(end)}</td>
      <td class="number">
        {number(behind)}
        {behindSeconds !== null && <span class="quiet"> ({behindSeconds} s)</span>}
      </td>
      <td>{provenAt ? provenAt.slice(0, 19).replace("T", " ") : "–"}</td>
      <td>{trouble ?? ""}</td>
    </tr>
  );
}
