/** Finds, in a driver's log, the lines that say what went wrong. */

const LINES_WITHOUT_ERROR = 5;

/**
 * The message of the last failure in a driver's log: of a Python traceback its last line, of a Java exception its
 * first and its last cause, of the argument parser its complaint. Without any of these the log's last lines.
 */
export function driverError(log: string): string {
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  const found = lines.findLastIndex((line) => ERROR.test(line));
  if (found < 0) return lines.slice(-LINES_WITHOUT_ERROR).join("\n") || "its log is empty";
  const line = lines[found] as string;
  const cause = lines.slice(found + 1).findLast((later) => later.startsWith("Caused by: "));
  return [line, cause].filter(Boolean).join("\n");
}

/** `[package.]NameError: text`, `Exception in thread "main" …`, `program: error: text`, `… ERROR logger: text`. */
const ERROR =
  /^(?:[\w.$]*(?:Error|Exception|Exit|InUse|Message)\b[^:\s]*: |Exception in thread |\S+: error: |\S+ \S+ ERROR (?!ShutdownHookManager))/;
