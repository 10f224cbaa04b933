import { type Customer, customerColumns, randomCustomer } from "../customers/customer";
import { Random } from "../random";
import type { Source, SourceRow } from "./source";

const blockSize = 1000;

/** `count` made-up customers; the same seed gives the same ones, whatever the count. */
export function generatedCustomers(seed: number, count: number, firstId: number): Source {
  const customer = (random: Random, index: number): Customer =>
    randomCustomer(random, String(firstId + index));
  return {
    title: `generated customers, seed ${seed}`,
    remedy: "Start after the largest customerId with --first-id",
    columns: [...customerColumns],
    survey: async () => ({
      rows: count,
      columns: customerColumns.map((name) => ({
        name,
        type: name === "customerId" || name === "customerZipcode" ? "bigint" : "text",
      })),
    }),
    async *blocks() {
      const random = new Random(seed, "customers");
      for (let start = 0; start < count; start += blockSize) {
        const block: SourceRow[] = [];
        for (let i = start; i < Math.min(start + blockSize, count); i++) {
          block.push({ values: customer(random, i), start: i, end: i + 1 });
        }
        yield block;
      }
    },
    locate: async ({ start }) => `generated row ${start + 1}`,
    async original({ start }) {
      const random = new Random(seed, "customers");
      for (let i = 0; i < start; i++) customer(random, i);
      return Buffer.from(customer(random, start).join(","));
    },
    header: async () => Buffer.from(customerColumns.join(",")),
  };
}
