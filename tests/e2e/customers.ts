/** The rows of the walkthrough: the first customers of retail_db, or rows of the same shape where it is not there. */
import * as fs from "node:fs";

const FILE = "../shared/data/retail_db/customers.csv";

export const COLUMNS = [
  "customerId",
  "customerFName",
  "customerLName",
  "customerEmail",
  "customerPassword",
  "customerStreet",
  "customerCity",
  "customerState",
  "customerZipcode",
];

/** CSV with a header line, ready for PostgreSQL's COPY. */
export function customersCsv(count: number): string {
  const lines = fs.existsSync(FILE)
    ? fs
        .readFileSync(FILE, "utf8")
        .split(/\r?\n/)
        .slice(1, count + 1)
    : generated(count);
  return `${[COLUMNS.join(","), ...lines].join("\n")}\n`;
}

function generated(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const id = index + 1;
    return `${id},First${id % 97},Last${id % 89},XXXXXXXXX,XXXXXXXXX,${id} Example Street,City${id % 31},ST,${10_000 + id}`;
  });
}
