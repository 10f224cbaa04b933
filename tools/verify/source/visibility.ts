/** Which transactions a snapshot sees. */

/** The text of a `pg_snapshot`: `xmin:xmax:xip,xip,…`; transaction ids of 64 bits. */
export class Visibility {
  private readonly xmin: bigint;
  private readonly xmax: bigint;
  private readonly running: ReadonlySet<bigint>;

  constructor(text: string) {
    const [xmin = "0", xmax = "0", running = ""] = text.split(":");
    this.xmin = BigInt(xmin);
    this.xmax = BigInt(xmax);
    this.running = new Set(running.split(",").filter(Boolean).map(BigInt));
  }

  /** @param txId as in change events: the lower 32 bits only, and never more than 2^31 away from the snapshot */
  sees(txId: bigint): boolean {
    const distance = BigInt.asIntN(32, txId - this.xmax);
    const full = this.xmax + distance;
    return full < this.xmax && (full < this.xmin || !this.running.has(full));
  }
}
