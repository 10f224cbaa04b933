/**
 * A resource for the test program; `found` is a box that somebody else made, by its id. In inputs `{$ref: "a.path"}` is an output and
 * `{$secret: x}` a secret.
 */
export interface Described {
  kind: "box" | "alien" | "shelf" | "provider" | "note" | "found";
  name: string;
  inputs?: Record<string, unknown>;
  options?: {
    dependsOn?: string[];
    parent?: string;
    provider?: string;
    protect?: boolean;
    retainOnDelete?: boolean;
    deleteBeforeReplace?: boolean;
    deletedWith?: string;
    replaceWith?: string;
    replaceOnChanges?: string[];
    aliases?: string[];
    ignoreChanges?: string[];
    additionalSecretOutputs?: string[];
    import?: string;
  };
}
