/** Renders a Java properties file, which is how Kafka, Connect and ZooKeeper take their settings. */
export function properties(settings: Record<string, string | number | boolean>): string {
  return `${Object.entries(settings)
    .map(([key, value]) => `${key}=${value}`)
    .join("\n")}\n`;
}
