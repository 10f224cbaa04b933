/** Further members of the reported cases' kinds. */
import { emptied, everyDefault, everyType } from "./members/every-type";
import { everyKey, movedKeys } from "./members/keys";
import { outOfRange, shapes } from "./members/out-of-range";
import { renames, usingPairs } from "./members/schema-changes";
import { everyUnlogged } from "./members/unlogged";

export const MEMBERS = {
  everyType,
  everyDefault,
  everyUnlogged,
  everyKey,
  movedKeys,
  outOfRange,
  shapes,
  usingPairs,
  renames,
  emptied,
} as const;
