/** The stack as the running engine knows it, saved after every step. */

import { inDependencyOrder } from "./dependency-order";
import type { Deployment, PendingOperation, ResourceState } from "./deployment";
import { prerequisites } from "./deployment";
import type { StateFile } from "./state-file";

export class Snapshot {
  private readonly resources: Set<ResourceState>;
  private readonly operations: Set<PendingOperation>;
  private writing: Promise<void> = Promise.resolve();
  private queued: Promise<void> | undefined;

  /** @param file Where to save; undefined for a preview, which saves nothing. */
  constructor(
    deployment: Deployment,
    private readonly file: StateFile | undefined,
  ) {
    this.resources = new Set(deployment.resources);
    this.operations = new Set(deployment.pendingOperations);
  }

  /** The resource of that name; those that were replaced and await deletion do not count. */
  live(urn: string): ResourceState | undefined {
    for (const state of this.resources) {
      if (state.urn === urn && !state.delete) {
        return state;
      }
    }
    return undefined;
  }

  /** Every resource, in dependency order. */
  all(): ResourceState[] {
    return inDependencyOrder(this.resources);
  }

  has(state: ResourceState): boolean {
    return this.resources.has(state);
  }

  add(state: ResourceState): void {
    this.resources.add(state);
  }

  remove(state: ResourceState): void {
    this.resources.delete(state);
  }

  /** Puts a new state in the place of the old one. */
  replace(old: ResourceState | undefined, state: ResourceState): void {
    if (old !== undefined) {
      this.resources.delete(old);
    }
    this.resources.add(state);
  }

  pendingOperations(): PendingOperation[] {
    return [...this.operations];
  }

  begin(operation: PendingOperation): void {
    this.operations.add(operation);
  }

  end(operation: PendingOperation): void {
    this.operations.delete(operation);
  }

  /** Resolves when everything up to now is on disk. Calls made during a write share the next one. */
  save(): Promise<void> {
    this.queued ??= this.writing
      .catch(() => undefined)
      .then(() => {
        this.queued = undefined;
        this.writing = this.file?.write(this.toDeployment()) ?? Promise.resolve();
        return this.writing;
      });
    return this.queued;
  }

  private toDeployment(): Deployment {
    const resources = this.all();
    const known = new Set(resources.map((state) => state.urn));
    return {
      resources: resources.map((state) => withoutDangling(state, known)),
      pendingOperations: this.pendingOperations(),
    };
  }
}

/** Pulumi refuses a deployment that mentions what is not in it, as between the halves of a replacement. */
function withoutDangling(state: ResourceState, known: Set<string>): ResourceState {
  if (prerequisites(state).every((urn) => known.has(urn))) {
    return state;
  }
  const propertyDependencies = Object.entries(state.propertyDependencies ?? {}).map(
    ([property, urns]) => [property, urns.filter((urn) => known.has(urn))] as const,
  );
  return {
    ...state,
    dependencies: state.dependencies?.filter((urn) => known.has(urn)),
    propertyDependencies: Object.fromEntries(propertyDependencies),
  };
}
