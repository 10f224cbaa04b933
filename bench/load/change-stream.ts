/** A stream of inserts, updates and deletes at a rate. Each change writes when it was made into the row. */
import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "pg";
import { Random } from "../../tools/datagen/random";
import { TABLE } from "../systems/system";

const SEED = 7;
/** Of the changes of a transaction; the rest are updates. */
const INSERTED = 0.4;
const DELETED = 0.2;
const TRANSACTIONS_A_SECOND = 10;

const STATEMENT = `
  WITH inserted AS (
    INSERT INTO public.${TABLE}
    SELECT id, 'Grace', 'Hopper', 'grace.hopper' || id || '@example.com', $4, id % 9999 || ' Silver Pond Lane', 'Caguas', 'PR', 725
    FROM unnest($1::bigint[]) AS id
  ), updated AS (
    UPDATE public.${TABLE} SET "customerPassword" = $4, "customerCity" = 'Ponce' WHERE "customerId" = ANY ($2)
  )
  DELETE FROM public.${TABLE} WHERE "customerId" = ANY ($3)`;

const TIME = /^t=(\d+)$/;

/** Milliseconds since 1970, from the column customerPassword; undefined when no stream of changes wrote it. */
export function timeWritten(value: unknown): number | undefined {
  const found = typeof value === "string" ? TIME.exec(value) : null;
  return found ? Number(found[1]) : undefined;
}

export interface Reached {
  readonly changes: number;
  readonly seconds: number;
  /** When the last transaction was made, milliseconds since 1970. */
  readonly lastTime: number;
}

export class ChangeStream {
  private readonly random = new Random(SEED, "changes");
  private readonly live: number[] = [];
  private nextId: number;

  constructor(
    private readonly database: Client,
    firstId: number,
  ) {
    this.nextId = firstId;
  }

  /** Rows for updates and deletes to have something to change. */
  async begin(rows: number): Promise<void> {
    await this.transaction(rows, 0, 0);
  }

  /** @param rate changes a second, of which late ones are made up for */
  async run(rate: number, seconds: number, told: (changes: number) => void): Promise<Reached> {
    const started = Date.now();
    const each = Math.round(rate / TRANSACTIONS_A_SECOND);
    const inserts = Math.round(each * INSERTED);
    const deletes = Math.round(each * DELETED);
    const total = Math.round(seconds * TRANSACTIONS_A_SECOND);
    let lastTime = started;
    for (let count = 0; count < total; count++) {
      const wait = started + (count * 1000) / TRANSACTIONS_A_SECOND - Date.now();
      if (wait > 0) await pause(wait);
      lastTime = await this.transaction(inserts, each - inserts - deletes, deletes);
      told((count + 1) * each);
    }
    return { changes: total * each, seconds: (Date.now() - started) / 1000, lastTime };
  }

  private async transaction(inserts: number, updates: number, deletes: number): Promise<number> {
    const deleted = Array.from({ length: deletes }, () => this.takeAny());
    const updated = new Set<number>();
    while (updated.size < Math.min(updates, this.live.length)) updated.add(this.random.pick(this.live));
    const inserted = Array.from({ length: inserts }, () => this.nextId++);
    this.live.push(...inserted);
    const at = Date.now();
    await this.database.query({
      name: "bench-changes",
      text: STATEMENT,
      values: [inserted, [...updated], deleted, `t=${at}`],
    });
    return at;
  }

  private takeAny(): number {
    const index = this.random.integer(0, this.live.length - 1);
    const taken = this.live[index] as number;
    this.live[index] = this.live.at(-1) as number;
    this.live.pop();
    return taken;
  }
}
