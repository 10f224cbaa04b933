const LONGEST_LINE = 400;
const LINE_END = 150;
const MOST_LINES = 12;

/**
 * The lines of a Java stack trace that say what went wrong: the message at its top and each `Caused by:`, with
 * their continuation lines, without the frames. Repetitions of a message already shown are left out.
 */
export function traceCauses(trace: string): string[] {
  const causes: string[] = [];
  for (const line of trace.split(/\r?\n/)) {
    if (/^\s+(at |\.\.\. \d+ (more|common frames))/.test(line) || line.trim() === "") continue;
    const message = line.trim();
    const words = message.replace(/^Caused by: /, "").replace(/^[\w.$]+(Exception|Error): /, "");
    if (causes.some((shown) => shown.endsWith(words))) continue;
    causes.push(shortened(message));
  }
  return causes.slice(0, MOST_LINES);
}

/** Debezium puts whole data structures in the middle of a message, whose point is at its end. */
function shortened(message: string): string {
  if (message.length <= LONGEST_LINE) return message;
  return `${message.slice(0, LONGEST_LINE - LINE_END)} … ${message.slice(-LINE_END)}`;
}
