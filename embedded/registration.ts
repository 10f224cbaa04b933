/** Takes in the program's resources one by one. */
import { randomUUID } from "node:crypto";
import type { ResourceState } from "./deployment";
import type { Operation } from "./display";
import { type Goal, plannedState, type ReadGoal, type Registered } from "./goal";
import { ManagedResources } from "./managed-resource";
import { describeChanges } from "./property-diff";
import {
  changedNames,
  containsUnknown,
  markSecretNames,
  markSecretsLike,
  sameProperties,
  unwrapSecrets,
} from "./property-values";
import { type Properties, UNKNOWN } from "./provider";
import { Stopped } from "./slots";
import { providerOf, type Run } from "./steps";
import { displayName, isProviderType, makeUrn, packageOf, parseUrn, providerType } from "./urn";

export interface RegistrarOptions {
  project: string;
  stack: string;
  /** Names of resources to be replaced, whether they changed or not. */
  replace: ReadonlySet<string>;
  /** Configuration of the default provider of a package. */
  defaultProviderInputs(pkg: string): Properties;
}

export class Registrar {
  private readonly seen = new Set<string>();
  /** Resources that failed or were not attempted: what depends on them is not attempted either. */
  private readonly unavailable = new Set<string>();
  private readonly managed: ManagedResources;

  constructor(
    private readonly run: Run,
    private readonly options: RegistrarOptions,
  ) {
    this.managed = new ManagedResources(run, this.seen, options.replace);
  }

  async register(goal: Goal): Promise<Registered> {
    const urn = this.urn(goal.parent, goal.type, goal.name);
    if (this.seen.has(urn)) {
      return this.failed(
        urn,
        `the program has two resources of type ${goal.type} with the name '${goal.name}'`,
      );
    }
    this.seen.add(urn);
    const isMissing = (dependency: string) => this.unavailable.has(dependency);
    if (this.run.slots.stopped || [...goal.dependencies, goal.parent].some(isMissing)) {
      return this.skipped(urn);
    }
    if (!this.run.preview && containsUnknown(goal.inputs)) {
      return this.failed(urn, "an input is unknown although everything it depends on is there");
    }
    try {
      if (goal.uncarriedOptions.length > 0) {
        throw new Error(
          `the embedded engine does not carry ${goal.uncarriedOptions.join(", ")}. Use the Pulumi CLI for this program.`,
        );
      }
      if (!goal.custom) {
        return await this.registerComponent(urn, goal);
      }
      if (isProviderType(goal.type)) {
        return await this.registerProvider(urn, goal);
      }
      const provider = goal.provider || this.defaultProvider(goal.type, goal.version);
      return await this.managed.register(goal, { ...this.planned(urn, goal), provider });
    } catch (error) {
      return error instanceof Stopped ? this.skipped(urn) : this.failed(urn, (error as Error).message);
    }
  }

  /** Reads a resource that something else manages. @throws An error when it does not exist. */
  async read(goal: ReadGoal): Promise<{ urn: string; outputs: Properties }> {
    const { run } = this;
    const urn = this.urn(goal.parent, goal.type, goal.name);
    this.seen.add(urn);
    const old = run.snapshot.live(urn);
    const state: ResourceState = {
      urn,
      custom: true,
      external: true,
      id: goal.id,
      type: goal.type,
      inputs: goal.inputs,
      outputs: goal.inputs,
      ...(goal.parent === "" ? {} : { parent: goal.parent }),
      dependencies: goal.dependencies,
      provider: goal.provider || this.defaultProvider(goal.type, goal.version),
    };
    if (goal.id !== UNKNOWN) {
      const provider = await providerOf(run, state);
      const inputs = unwrapSecrets(goal.inputs);
      const progress = (message: string) => run.reporter.remark("read", urn, message);
      const found = await run.slots.use(() =>
        provider.read({ urn, id: goal.id, inputs, outputs: inputs, progress }),
      );
      if (found === undefined) {
        throw new Error(`${displayName(urn)}: there is no resource with the id '${goal.id}'`);
      }
      state.outputs = markSecretNames(
        markSecretsLike(found.outputs, goal.inputs),
        goal.additionalSecretOutputs,
      );
    }
    run.snapshot.replace(old, state);
    await run.snapshot.save();
    run.reporter.count(old === undefined ? "read" : "same");
    return { urn, outputs: state.outputs ?? {} };
  }

  /** Records what a component, or the program as a whole, hands out. */
  async setOutputs(urn: string, outputs: Properties): Promise<void> {
    const state = this.run.snapshot.live(urn);
    // After a failure parts of the outputs are unknown: the old ones say more.
    if (state === undefined || (!this.run.preview && containsUnknown(outputs))) {
      return;
    }
    this.run.snapshot.replace(state, { ...state, outputs });
  }

  /** Names of resources to be replaced that the program does not have. */
  notFound(): string[] {
    const managed = [...this.seen].filter((urn) => this.run.snapshot.live(urn)?.custom);
    const names = new Set(managed.map((urn) => parseUrn(urn).name));
    return [...this.options.replace].filter((name) => !names.has(name));
  }

  /** What the program no longer has, and what was replaced. */
  unwanted(): ResourceState[] {
    return this.run.snapshot.all().filter((state) => state.delete || !this.seen.has(state.urn));
  }

  private async registerComponent(urn: string, goal: Goal): Promise<Registered> {
    const { run } = this;
    const old = run.snapshot.live(urn);
    const outputs = old?.outputs ?? {};
    run.snapshot.replace(old, { ...this.planned(urn, goal), custom: false, outputs });
    if (old === undefined) {
      run.reporter.plan("create", urn);
      await run.snapshot.save();
    }
    run.reporter.count(old === undefined ? "create" : "same");
    return { urn, id: "", outputs: goal.inputs, result: "success" };
  }

  /** A provider resource is nothing but configuration: it always changes in place. */
  private async registerProvider(urn: string, goal: Goal): Promise<Registered> {
    const { run } = this;
    const old = run.snapshot.live(urn);
    const id = old?.id ?? (run.preview ? UNKNOWN : randomUUID());
    const operation: Operation =
      old === undefined ? "create" : sameProperties(old.inputs ?? {}, goal.inputs) ? "same" : "update";
    run.providers.configure(urn, goal.inputs);
    run.snapshot.replace(old, { ...this.planned(urn, goal), id, outputs: goal.inputs });
    if (operation !== "same") {
      const changed = old === undefined ? [] : changedNames(old.inputs ?? {}, goal.inputs);
      run.reporter.plan(operation, urn, describeChanges(changed, old?.inputs ?? {}, goal.inputs));
      await run.snapshot.save();
    }
    run.reporter.count(operation);
    return { urn, id: id === UNKNOWN ? "" : id, outputs: goal.inputs, result: "success" };
  }

  /** Reference to the default provider of the package, which the state knows as a resource too. */
  private defaultProvider(type: string, version: string): string {
    const { run, options } = this;
    const pkg = packageOf(type);
    const name = version === "" ? "default" : `default_${version.replace(/[^0-9A-Za-z]/g, "_")}`;
    const urn = makeUrn(options.stack, options.project, "", providerType(pkg), name);
    const old = run.snapshot.live(urn);
    if (!this.seen.has(urn)) {
      this.seen.add(urn);
      const inputs = { ...options.defaultProviderInputs(pkg), ...(version === "" ? {} : { version }) };
      run.providers.configure(urn, inputs);
      const id = old?.id ?? randomUUID();
      run.snapshot.replace(old, {
        urn,
        custom: true,
        id,
        type: providerType(pkg),
        inputs,
        outputs: inputs,
      });
      return `${urn}::${id}`;
    }
    return `${urn}::${old?.id}`;
  }

  private planned(urn: string, goal: Goal): ResourceState {
    return plannedState(urn, goal, this.run.snapshot.live(goal.parent));
  }

  private urn(parent: string, type: string, name: string): string {
    return makeUrn(this.options.stack, this.options.project, parent, type, name);
  }

  private skipped(urn: string): Registered {
    this.unavailable.add(urn);
    return { urn, id: "", outputs: {}, result: "skipped" };
  }

  private failed(urn: string, message: string): Registered {
    this.unavailable.add(urn);
    this.run.reporter.fail(urn, message);
    if (!this.run.preview) {
      this.run.slots.stop();
    }
    return { urn, id: "", outputs: {}, result: "failed" };
  }
}
