/** Pure: the state of the proof in Prometheus' text format; names and units by its conventions. */
import { lsnNumber } from "../../readers/source/lsn";
import { findingOf, type Ledger, tableIn } from "./ledger";

/** What the process has done since its start. */
export interface Totals {
  rows: number;
  bytes: number;
  cpuSeconds: number;
  residentBytes: number;
}

interface Metric {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  /** By label text. */
  readonly samples: readonly (readonly [labels: string, value: number | bigint])[];
}

/** @param tables captured ones */
export function metricsText(ledger: Ledger, tables: readonly string[], totals: Totals): string {
  const of = (value: (table: string) => number | bigint | undefined) =>
    tables.flatMap((table) => {
      const found = value(table);
      return found === undefined ? [] : [[`{table="${escaped(table)}"}`, found] as const];
    });
  const through = (table: string) => tableIn(ledger, table).verifiedThrough;
  const finding = (table: string) => findingOf(tableIn(ledger, table));
  const metrics: Metric[] = [
    {
      ...{ name: "cdc_proof_verified_through_timestamp_seconds", type: "gauge" },
      help: "Moment of the source at which the lake's table had exactly its rows; none: not proven yet.",
      samples: of((table) => seconds(through(table)?.at)),
    },
    {
      ...{ name: "cdc_proof_verified_through_lsn_bytes", type: "gauge" },
      help: "The same as a position in PostgreSQL's write-ahead log.",
      samples: of((table) => {
        const lsn = through(table)?.lsn;
        return lsn === undefined ? undefined : lsnNumber(lsn);
      }),
    },
    {
      ...{ name: "cdc_proof_differing_keys", type: "gauge" },
      help: "Keys whose rows in the lake are not the source's.",
      samples: of((table) => finding(table)?.keys ?? 0),
    },
    {
      ...{ name: "cdc_proof_different", type: "gauge" },
      help: "1: a difference was found that still stands.",
      samples: of((table) => (finding(table) ? 1 : 0)),
    },
    {
      ...{ name: "cdc_proof_different_since_timestamp_seconds", type: "gauge" },
      help: "When that difference was found first.",
      samples: of((table) => seconds(finding(table)?.since.at)),
    },
    {
      ...{ name: "cdc_proof_not_provable", type: "gauge" },
      help: "1: nothing can be said of the table at present; /proof and npm run status say why.",
      samples: of((table) => (tableIn(ledger, table).notProven === null ? 0 : 1)),
    },
    {
      ...{ name: "cdc_proof_stalled", type: "gauge" },
      help: "1: nothing can be compared at present.",
      samples: [["", ledger.stalled === null ? 0 : 1]],
    },
    {
      ...{ name: "cdc_proof_rounds_total", type: "counter" },
      help: "Rounds over all tables that were completed.",
      samples: [["", ledger.round - 1]],
    },
    {
      ...{ name: "cdc_proof_last_round_duration_seconds", type: "gauge" },
      help: "How long the last complete round took.",
      samples: ledger.lastRoundSeconds === null ? [] : [["", ledger.lastRoundSeconds]],
    },
    {
      ...{ name: "cdc_proof_compared_rows_total", type: "counter" },
      help: "Rows of the source that were compared since the start.",
      samples: [["", totals.rows]],
    },
    {
      ...{ name: "cdc_proof_source_read_bytes_total", type: "counter" },
      help: "Bytes that PostgreSQL read for it since the start, from the sizes of tables.",
      samples: [["", Math.round(totals.bytes)]],
    },
    {
      ...{ name: "process_cpu_seconds_total", type: "counter" },
      help: "CPU time of this process.",
      samples: [["", totals.cpuSeconds]],
    },
    {
      ...{ name: "process_resident_memory_bytes", type: "gauge" },
      help: "Memory of this process.",
      samples: [["", totals.residentBytes]],
    },
  ];
  return metrics.map(textOf).join("");
}

function textOf({ name, type, help, samples }: Metric): string {
  const lines = samples.map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function seconds(iso: string | undefined): number | undefined {
  return iso === undefined ? undefined : Date.parse(iso) / 1000;
}

/** A label's value. */
function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
