import { z } from "zod";

export const labelList = z.array(z.strictObject({ label: z.string(), value: z.string() }));

export type LabelList = z.infer<typeof labelList>;

/** `[{label, value}]`, as the plugin has it, to Docker's map. */
export function labelMap(labels: LabelList | undefined): Record<string, string> {
  return Object.fromEntries((labels ?? []).map(({ label, value }) => [label, value]));
}
