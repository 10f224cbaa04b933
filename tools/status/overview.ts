/** The first line of `npm run status`: whether all is well, in words. */

export interface Overview {
  /** What does not need anybody: `10 services run`. */
  readonly well: readonly string[];
  readonly alarms: readonly string[];
  /** What could not be asked. */
  readonly notReached: readonly string[];
}

export function overviewLine({ well, alarms, notReached }: Overview): string {
  if (alarms.length === 0 && notReached.length === 0) return `All is well: ${well.join(", ")}.`;
  const told = [
    ...(alarms.length > 0 ? [`${alarms.length === 1 ? "one alarm" : `${alarms.length} alarms`}, below`] : []),
    ...(notReached.length > 0 ? [`no answer from ${notReached.join(", ")}`] : []),
  ];
  return `NOT WELL: ${told.join("; ")}.`;
}
