/** Something about the inputs that keeps them from working, or may. */
export interface Finding {
  /** An error fails the preview; a warning is only shown. */
  readonly severity: "error" | "warning";
  /** The input, such as `config["slot.name"]`; empty when it is none in particular. */
  readonly property: string;
  readonly text: string;
}

/** The input that holds a key of the connector's config. */
export function configProperty(key: string): string {
  return `config["${key}"]`;
}

export function configError(key: string, text: string): Finding {
  return { severity: "error", property: configProperty(key), text };
}

export function configWarning(key: string, text: string): Finding {
  return { severity: "warning", property: configProperty(key), text };
}
