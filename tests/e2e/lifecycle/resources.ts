/** The rows of the matrix: the program's own resources, so that a new one is in it by itself. */
import { type Registered, runProgram } from "../../unit/components/program";
import type { TestStack } from "../platform";

/** Every resource that a provider manages. */
export async function managedResources(stack: TestStack): Promise<Registered[]> {
  const { resources } = await runProgram(stack.name, { portOffset: String(stack.portOffset) });
  return resources.filter(({ type }) => !/^(cdc:index:|pulumi:providers:)/.test(type));
}

/** `container` for `docker:index/container:Container`, `user` for `pulumi-nodejs:dynamic/minio:User`. */
export function kindOf({ type }: Pick<Registered, "type">): string {
  return (type.split(":").at(-1) ?? "").toLowerCase();
}
