/** Pure: what is wrong with a key, in words. Values other than the key's are not in it: whoever reaches the port may read it. */
import type { Finding } from "../verify/compare/history";
import type { KeyDifference } from "../verify/result";

export function examplesOf(listed: readonly KeyDifference[]): string[] {
  return listed.map(({ key, findings }) => {
    const shown = Object.entries(key).map(([column, value]) => `${column} ${JSON.stringify(value)}`);
    return `${shown.join(", ")}: ${findings.map(wordsOf).join("; ")}`;
  });
}

function wordsOf(finding: Finding): string {
  switch (finding.kind) {
    case "missing":
      return "missing in the lake";
    case "extra":
      return "only in the lake";
    case "different":
      return `other values in ${finding.columns.join(", ")}`;
    case "doubled row":
      return `${finding.times} rows in the ${finding.side}`;
    case "flagged as deleted":
      return "there, but with true in _deleted";
    default:
      return "its hash differs";
  }
}
