/** The rows of the matrix: the program's own resources, so that a new one is in it by itself. */
import { SERVICE_LABEL } from "../../../labels";
import { type Registered, runProgram } from "../../unit/components/program";
import { TestStack } from "../platform";

/** The stack of the matrix: with all that a program has by default. */
export const lifecycleStack = () => new TestStack("e2e-lifecycle", { continuousProof: true, console: true });

/** Every resource of the stack that a provider manages. */
export async function managedResources({ name, usual }: TestStack): Promise<Registered[]> {
  const config = Object.entries(usual).map(([key, value]) => [key, String(value)]);
  const { resources } = await runProgram(name, Object.fromEntries(config));
  return resources.filter(({ type }) => !/^(cdc:index:|pulumi:providers:)/.test(type));
}

/** `container` for `docker:index/container:Container`, `user` for `pulumi-nodejs:dynamic/minio:User`. */
export function kindOf({ type }: Pick<Registered, "type">): string {
  return (type.split(":").at(-1) ?? "").toLowerCase();
}

/** The service that a container is: `kafka-connect`. */
export function serviceOf({ inputs }: Registered): string {
  return inputs.labels.find(({ label }: { label: string }) => label === SERVICE_LABEL).value;
}
