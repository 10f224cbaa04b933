import type { DatabaseFacts } from "../../../providers/kafka-connect/database-facts";

/** A database fit for a connector that captures public.links, with what a test changes about it. */
export function factsOf(changes: Partial<DatabaseFacts> = {}): DatabaseFacts {
  return {
    database: "shop",
    walLevel: "logical",
    slots: { used: 1, limit: 10 },
    senders: { used: 1, limit: 10 },
    role: { name: "reader", maySignIn: true, mayReplicate: true },
    tables: [{ name: "public.links", hasIdentity: true, isReadable: true }],
    slot: undefined,
    hasPublication: false,
    ...changes,
  };
}
