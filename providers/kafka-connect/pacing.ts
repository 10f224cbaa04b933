/** How long the provider waits for what, in milliseconds. Tests use a faster one. */
export interface Pacing {
  /** Pause before the first repetition of a call; it doubles with each further one … */
  readonly firstPause: number;
  /** … up to this. */
  readonly longestPause: number;
  /** Time one call may take. Connect itself answers 500 after 90 s. */
  readonly call: number;
  /** Time a call that makes Connect validate a config may take: Debezium opens database connections for it. */
  readonly validatingCall: number;
  /** Time forgetting a connector's offsets may take. Connect answers within 60 s also when Kafka does not. */
  readonly forgettingCall: number;
  /** Time that the check before a deployment waits for each answer: a preview is not worth more. */
  readonly check: number;
  /** How often the state is looked at while waiting for it to change. */
  readonly poll: number;
  /** How long everything must stay RUNNING to count as running, once the database shows that changes are read … */
  readonly settle: number;
  /** … when it shows that they are not read yet, as during a snapshot: on a busy machine a start takes long to fail … */
  readonly settleUnread: number;
  /** … when what failed before has not come past what was written by then, since it may fail at the same change again … */
  readonly settleBehind: number;
  /** … and when it shows nothing: a connector that fails right after its start has been RUNNING for over a second. */
  readonly settleUnproven: number;
  /** How long a failure from before our change may still be shown by Connect. */
  readonly staleFailure: number;
  /** Pauses before each restart of what has failed; there are no more restarts than pauses. */
  readonly restartPauses: readonly number[];
  /** The longest that a read, or Connect's part of a delete, may take. */
  readonly readOrDelete: number;
  /** Silence after which a read or a delete takes Connect or PostgreSQL for unreachable. */
  readonly unreachable: number;
  /** How long a delete waits for the connector to stop, and then to be gone. */
  readonly stop: number;
  /** How long a replication slot may stay in use before its reader is cut off … */
  readonly slotRelease: number;
  /** … and before dropping it is given up. */
  readonly slotDrop: number;
  /** How long a slot dropped under a connector that could not be stopped is watched: its task makes it again. */
  readonly slotReturn: number;
  /** How often the progress of a running incremental snapshot is told. */
  readonly progress: number;
}

export const usualPacing: Pacing = {
  firstPause: 250,
  longestPause: 3_000,
  call: 10_000,
  validatingCall: 30_000,
  forgettingCall: 75_000,
  check: 5_000,
  poll: 300,
  settle: 500,
  settleUnread: 15_000,
  settleBehind: 60_000,
  settleUnproven: 3_000,
  staleFailure: 5_000,
  restartPauses: [1_000, 2_000, 4_000, 8_000],
  readOrDelete: 120_000,
  unreachable: 20_000,
  stop: 30_000,
  slotRelease: 2_000,
  slotDrop: 20_000,
  slotReturn: 20_000,
  progress: 5_000,
};
