/** Pure: what has to be done for topics that are found to become those that are wanted. */
import type { TopicSettings, TopicTable } from "./inputs";

export interface TopicsPlan {
  /** Missing ones. */
  readonly create: TopicTable;
  /** Topic → number of partitions that it is to have. */
  readonly partitions: Readonly<Record<string, number>>;
  /** Topic → settings to be set, and null for those to be taken back to the broker's. */
  readonly config: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  /** What cannot be done, in words. */
  readonly refused: readonly string[];
}

export function planOf(found: TopicTable, wanted: TopicTable): TopicsPlan {
  const create: Record<string, TopicSettings> = {};
  const partitions: Record<string, number> = {};
  const config: Record<string, Record<string, string | null>> = {};
  const refused: string[] = [];
  for (const [name, settings] of Object.entries(wanted)) {
    const there = found[name];
    if (!there) {
      create[name] = settings;
      continue;
    }
    if (there.partitions < settings.partitions) partitions[name] = settings.partitions;
    if (there.partitions > settings.partitions) {
      refused.push(
        `topic ${name} has ${there.partitions} partitions, and ${settings.partitions} is wanted: Kafka takes none away. ` +
          "Want as many as there are, or delete the topic, run `up` again and read its table again (`npm run resnapshot`)",
      );
    }
    const changed = changedSettings(there.config, settings.config);
    if (Object.keys(changed).length > 0) config[name] = changed;
  }
  return { create, partitions, config, refused };
}

function changedSettings(
  there: TopicSettings["config"],
  wanted: TopicSettings["config"],
): Record<string, string | null> {
  const changed: Record<string, string | null> = {};
  for (const [key, value] of Object.entries(wanted)) if (there[key] !== value) changed[key] = value;
  for (const key of Object.keys(there)) if (!(key in wanted)) changed[key] = null;
  return changed;
}

export function isNothing({ create, partitions, config, refused }: TopicsPlan): boolean {
  return refused.length === 0 && [create, partitions, config].every((part) => Object.keys(part).length === 0);
}

const NAMED = 5;

/** A thousand of them in one line: how many, and the first few. */
export function shortList(names: readonly string[]): string {
  const first = names.slice(0, NAMED).join(", ");
  return names.length > NAMED ? `${first} and ${names.length - NAMED} more` : first;
}
