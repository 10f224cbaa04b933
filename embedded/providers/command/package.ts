import type { ProviderPackage } from "../../provider";
import { localCommandProvider } from "./local-command";

/** The part of `@pulumi/command` the platform uses. It has no configuration. */
export function commandPackage(): ProviderPackage {
  const command = localCommandProvider();
  return { resource: (type) => (type === "command:local:Command" ? command : undefined) };
}
