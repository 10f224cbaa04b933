/** Renders a Java properties file, which is how Kafka, Connect, ZooKeeper and Spark take their settings. */
export function properties(settings: Record<string, string | number | boolean>): string {
  return `${Object.entries(settings)
    .map(([key, value]) => `${key}=${escaped(String(value))}`)
    .join("\n")}\n`;
}

/**
 * A value as `java.util.Properties` reads it back: a backslash starts an escape, white space at the beginning is skipped, and
 * some of its readers take the file for Latin-1.
 */
function escaped(value: string): string {
  return value
    .replaceAll("\\", "\\\\")
    .replace(/^\s/, "\\$&")
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The same settings, each name with a prefix. */
export function prefixed<T>(prefix: string, settings: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${prefix}${name}`, value]));
}
