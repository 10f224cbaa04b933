/** Customers as in the seed's customers.csv: the same nine columns, made up. */
import type { Random } from "../random";
import { firstNames, lastNames, places, streetAdjectives, streetKinds, streetNouns } from "./vocabulary";

export const customerColumns = [
  "customerId",
  "customerFName",
  "customerLName",
  "customerEmail",
  "customerPassword",
  "customerStreet",
  "customerCity",
  "customerState",
  "customerZipcode",
] as const;

export type CustomerColumn = (typeof customerColumns)[number];

/** In the order of customerColumns. */
export type Customer = [id: string, ...rest: string[]];

export function randomCustomer(random: Random, id: string): Customer {
  const first = random.pick(firstNames);
  const last = random.pick(lastNames);
  const street = [random.pick(streetAdjectives), random.pick(streetNouns), random.pick(streetKinds)].join(
    " ",
  );
  const [city, state, zipcode] = random.pick(places);
  return [
    id,
    first,
    last,
    `${first}.${last}${id}@example.com`.toLowerCase(),
    // Passwords are masked in the seed's file too.
    "XXXXXXXXX",
    `${random.integer(1, 9999)} ${street}`,
    city,
    state,
    zipcode,
  ];
}
