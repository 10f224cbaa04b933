import type { ConnectorConfig } from "../rest/api";
import { withPlainTables } from "./postgres";

/** Keys by which two configs differ, each list sorted. */
export interface ConfigDifference {
  /** In both, with different values. */
  readonly changed: readonly string[];
  /** Wanted, but not there. */
  readonly missing: readonly string[];
  /** There, but not wanted. */
  readonly foreign: readonly string[];
}

/**
 * A config as Connect stores it: values as strings, no nulls, and without `name`, which Connect adds by itself
 * and which is the resource's own property here. `${file:…}` placeholders stay as they are: Connect returns them so. The list
 * of tables has the form in which it is declared, not the one in which it is written.
 */
export function normaliseConfig(config: Readonly<Record<string, unknown>>): ConnectorConfig {
  return withPlainTables(
    Object.fromEntries(
      Object.entries(config)
        .filter(([key, value]) => key !== "name" && value !== null && value !== undefined)
        .map(([key, value]) => [key, String(value)]),
    ),
  );
}

export function compareConfigs(
  live: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): ConfigDifference {
  const there = normaliseConfig(live);
  const should = normaliseConfig(wanted);
  const keys = (config: ConnectorConfig) => Object.keys(config).sort();
  return {
    changed: keys(should).filter((key) => key in there && there[key] !== should[key]),
    missing: keys(should).filter((key) => !(key in there)),
    foreign: keys(there).filter((key) => !(key in should)),
  };
}

export function sameConfig(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): boolean {
  const { changed, missing, foreign } = compareConfigs(a, b);
  return changed.length + missing.length + foreign.length === 0;
}

/**
 * Whether the tasks have been given this config. A key that a connector does not hand on to its tasks says
 * nothing; no tasks at all is not yet.
 */
export function tasksHaveConfig(tasks: readonly ConnectorConfig[], wanted: ConnectorConfig): boolean {
  const should = normaliseConfig(wanted);
  return (
    tasks.length > 0 &&
    tasks
      .map(normaliseConfig)
      .every((task) => Object.entries(should).every(([key, value]) => !(key in task) || task[key] === value))
  );
}
