/** What the page is sent: shared by the service, which makes it, and the page, which draws it. Nothing in it is secret. */

/** well; trouble: an alarm is about it; silent: it does not answer; unseen: nobody can tell over the network. */
export type Health = "well" | "trouble" | "silent" | "unseen";

export interface Node {
  readonly id: string;
  readonly title: string;
  readonly health: Health;
  /** In a few words. */
  readonly says: string;
  /** The node of the flow that it stands by; null: it is one of the flow. */
  readonly beside: string | null;
  /** Its own page. */
  readonly page: string | null;
}

/** Between one node of the flow and the next. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** What flows: `12 changes/s`; null: not known yet. */
  readonly rate: string | null;
  /** What waits; null: not known. */
  readonly lag: string | null;
  /** Nothing waits, as far as is known. */
  readonly isClear: boolean;
}

export interface TableRow {
  readonly table: string;
  /** Messages of its topic; null: there is no such topic. */
  readonly end: number | null;
  /** Of these, what the lake has not yet; null: not known. */
  readonly behind: number | null;
  /** Age in seconds of the oldest of them. */
  readonly behindSeconds: number | null;
  /** Up to which moment it is proven, UTC. */
  readonly provenAt: string | null;
  readonly trouble: string | null;
}

/** One moment of the last hour. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Messages that topics have in all, and of these, how many the lake has; null: not known. */
  readonly written: number | null;
  readonly read: number | null;
  readonly behind: number | null;
  /** Age in seconds of the oldest change that is not in the lake; 0: there is none. */
  readonly staleness: number | null;
  /** Bytes of log since what the connector confirmed. */
  readonly slotLag: number | null;
}

export interface View {
  readonly stack: string;
  /** When it was looked at, UTC. */
  readonly at: string;
  readonly well: boolean;
  readonly overview: string;
  readonly alarms: readonly { readonly about: string; readonly text: string }[];
  readonly notReached: readonly { readonly part: string; readonly reason: string }[];
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  /** Those with trouble first. */
  readonly tables: readonly TableRow[];
  readonly history: readonly Sample[];
}

/** What a node tells when it is asked. */
export interface Details {
  readonly id: string;
  /** Where its clients in the stack's network reach it. */
  readonly endpoint: string | null;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Secrets are blanked. */
  readonly configuration: readonly (readonly [name: string, value: string])[];
  /** The end of its log, or why there is none here and what shows it. */
  readonly log: { readonly of: string; readonly text: string } | { readonly missing: string };
}
