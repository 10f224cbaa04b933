/** Servers that a stack's configuration can name, each in a value of that name, instead of having its own. Pure. */
export const SERVERS = ["postgresql", "kafka", "kafkaConnect", "objectStore"] as const;
export type Server = (typeof SERVERS)[number];

/** Whether the value names one: `{}`, which is the default, stands for the stack's own. */
export function isNamed(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
