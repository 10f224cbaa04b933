import type { Pacing } from "../../../providers/kafka-connect/pacing";

/** The usual pacing, some thirty times as fast. */
export const fastPacing: Pacing = {
  firstPause: 5,
  longestPause: 40,
  call: 400,
  validatingCall: 400,
  forgettingCall: 400,
  check: 300,
  poll: 10,
  settle: 20,
  settleUnread: 100,
  settleBehind: 200,
  settleUnproven: 50,
  staleFailure: 400,
  restartPauses: [5, 10],
  readOrDelete: 1_000,
  unreachable: 150,
  stop: 400,
  slotRelease: 50,
  slotDrop: 200,
  slotReturn: 100,
  progress: 20,
};
