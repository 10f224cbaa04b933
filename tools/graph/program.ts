/** Runs the real program (index.ts) without an engine, and hands out what it registers: nothing is made, nobody is asked. */
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

// biome-ignore-start lint/suspicious/noExplicitAny: the inputs of any resource.
export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, any>;
  /** Names of resources that have to exist before it. */
  dependsOn: string[];
  parent: string;
  /** Whether the old one goes before a new one in its place is made; undefined where the provider decides. */
  deleteBeforeReplace: boolean | undefined;
  /** The resource with which it goes, without a delete of its own. */
  deletedWith: string;
}
// biome-ignore-end lint/suspicious/noExplicitAny: see above

export interface RegisteredProgram {
  readonly resources: Registered[];
  readonly outputs: Record<string, unknown>;
}

/**
 * @param config by full keys, such as `cdc:portOffset`; objects as JSON
 * @param load loads index.ts, which runs it
 */
export async function registeredProgram(
  project: string,
  stack: string,
  config: Record<string, string>,
  load: () => Promise<Record<string, unknown>>,
): Promise<RegisteredProgram> {
  const resources: Registered[] = [];
  const register = MockMonitor.prototype.registerResource;
  MockMonitor.prototype.registerResource = async function (request, answer) {
    resources.push({
      type: request.getType(),
      name: request.getName(),
      inputs: request.getObject()?.toJavaScript() ?? {},
      dependsOn: request.getDependenciesList().map(nameOf),
      parent: nameOf(request.getParent()),
      deleteBeforeReplace: request.getDeletebeforereplacedefined()
        ? request.getDeletebeforereplace()
        : undefined,
      deletedWith: nameOf(request.getDeletedwith()),
    });
    return register.call(this, request, answer);
  };
  try {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs }) => {
          const id = type === "docker:index/image:Image" ? `sha256:${name}` : `${name}-id`;
          return { id, state: { ...inputs, repoDigest: id } };
        },
        call: ({ inputs }) => inputs,
      },
      project,
      stack,
      false,
    );
    pulumi.runtime.setAllConfig(config);
    const outputs = await load();
    await pulumi.runtime.disconnect();
    return { resources, outputs };
  } finally {
    MockMonitor.prototype.registerResource = register;
  }
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}
