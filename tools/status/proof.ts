/** What the continuous proof says (tools/proof): up to which moment each table is proven, and what differs. */
import axios from "axios";
import { z } from "zod";
import { resnapshotCommand } from "../../providers/kafka-connect/debezium/table-names";
import { alarmOf, type Trouble } from "./trouble";

const instant = z.object({ at: z.iso.datetime(), lsn: z.string() });

const provenTable = z.object({
  table: z.string(),
  verifiedThrough: instant.nullable(),
  finding: z
    .object({
      since: instant,
      equalAt: instant.nullable(),
      keys: z.number().int(),
      examples: z.array(z.string()),
    })
    .nullable(),
  notProven: z.string().nullable(),
});

const proofShape = z.object({
  round: z.number().int(),
  lastRoundSeconds: z.number().nullable(),
  /** Why nothing can be compared at present. */
  stalled: z.string().nullable(),
  tables: z.array(provenTable),
});

export type ProvenTable = z.infer<typeof provenTable>;
export type ProofStatus = z.infer<typeof proofShape>;

/** @param url of the service; undefined: the stack has none */
export async function readProof(
  url: string | undefined,
  milliseconds: number,
): Promise<ProofStatus | undefined> {
  if (url === undefined) return undefined;
  const { data } = await axios.get(`${url}/proof`, { timeout: milliseconds, proxy: false });
  return proofShape.parse(data);
}

const EXAMPLES = 5;

/** What is wrong with a table, and what mends it; undefined: nothing that was found. */
export function foundByProof({ table, finding }: ProvenTable): Trouble | undefined {
  if (!finding) return undefined;
  const { keys, since, equalAt, examples } = finding;
  const before = equalAt ? `, equal until ${moment(equalAt.at)}` : "";
  const shown = examples.slice(0, EXAMPLES).join(" | ");
  const more = Math.max(0, keys - EXAMPLES);
  return {
    text: `the lake's rows are not the source's in ${table} (${keys === 1 ? "one key" : `${keys.toLocaleString("en-US")} keys`}; seen since ${moment(since.at)}${before}): ${shown}${more > 0 ? ` and ${more.toLocaleString("en-US")} more` : ""}`,
    fix: `\`${resnapshotCommand([table])}\` reads its rows again`,
  };
}

export function proofAlarms(proof: ProofStatus | undefined): string[] {
  return (proof?.tables ?? []).flatMap((table) => {
    const found = foundByProof(table);
    return found ? [alarmOf(found)] : [];
  });
}

/** For a cell: the moment up to which it is proven. */
export function provenText({ verifiedThrough, finding, notProven }: ProvenTable): string {
  const through = verifiedThrough ? `up to ${moment(verifiedThrough.at)}\n${verifiedThrough.lsn}` : "not yet";
  if (finding) return `NOT EQUAL\n${through}`;
  return notProven === null ? through : "no, see below";
}

/** UTC without its fraction. */
function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}
