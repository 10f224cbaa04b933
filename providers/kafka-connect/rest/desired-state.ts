/** What a connector is wanted to do: deliver, keep still with all that it holds, or keep still and hold nothing. */
export const DESIRED_STATES = ["running", "paused", "stopped"] as const;
export type DesiredState = (typeof DESIRED_STATES)[number];

/** The same in Connect's words. */
export type TargetState = "RUNNING" | "PAUSED" | "STOPPED";

export function targetState(desired: DesiredState = "running"): TargetState {
  return desired.toUpperCase() as TargetState;
}
