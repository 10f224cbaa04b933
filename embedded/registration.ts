/** What the program asks for, resource by resource: compares it with the state and takes the step it needs. */
import { randomUUID } from "node:crypto";
import { inSeconds } from "./custom-timeouts";
import { removeInReverseOrder } from "./dependency-order";
import { dependentsToReplace } from "./dependent-replacement";
import { providerUrn, type ResourceState } from "./deployment";
import type { Operation } from "./display";
import { keepIgnored } from "./ignored-changes";
import { describeChanges } from "./property-diff";
import {
  containsUnknown,
  markSecretNames,
  markSecretsLike,
  sameProperties,
  unwrapSecrets,
} from "./property-values";
import { type Properties, type ResourceProvider, UNKNOWN } from "./provider";
import { Stopped } from "./slots";
import { planStep, type StepPlan } from "./step-plan";
import { createResource, deleteResource, providerOf, type Run, updateResource } from "./steps";
import { displayName, isProviderType, makeUrn, packageOf, parseUrn, providerType, STACK_TYPE } from "./urn";

/** A resource as the program wants it. Secrets and unknown values are marked (see property-values.ts). */
export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  parent: string;
  inputs: Properties;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  /** `<urn>::<id>` of an explicit provider; empty for the default one. */
  provider: string;
  /** Version of the package that registers the resource. */
  version: string;
  protect: boolean | undefined;
  retainOnDelete: boolean | undefined;
  deletedWith: string;
  deleteBeforeReplace: boolean | undefined;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  /** Former URNs. */
  aliases: string[];
  /** Durations such as `5m`; empty when not set. */
  customTimeouts: { create: string; update: string; delete: string };
  /** Options that the program uses and this engine does not know: better an error than no effect. */
  uncarriedOptions: string[];
}

export interface ReadGoal {
  type: string;
  name: string;
  id: string;
  parent: string;
  inputs: Properties;
  dependencies: string[];
  provider: string;
  version: string;
  additionalSecretOutputs: string[];
}

export interface Registered {
  urn: string;
  /** Empty for a component, and in a preview for what does not exist yet. */
  id: string;
  outputs: Properties;
  result: "success" | "failed" | "skipped";
}

export interface RegistrarOptions {
  project: string;
  stack: string;
  /** Configuration of the default provider of a package. */
  defaultProviderInputs(pkg: string): Properties;
}

export class Registrar {
  private readonly seen = new Set<string>();
  /** Resources that failed or were not attempted: what depends on them is not attempted either. */
  private readonly unavailable = new Set<string>();
  /** Resources that go, or have gone, because something they were computed from is replaced. */
  private readonly doomed = new Set<string>();
  private stackUrn: string | undefined;

  constructor(
    private readonly run: Run,
    private readonly options: RegistrarOptions,
  ) {}

  async register(goal: Goal): Promise<Registered> {
    const urn = this.urn(goal.parent, goal.type, goal.name);
    if (this.seen.has(urn)) {
      return this.failed(
        urn,
        `the program has two resources of type ${goal.type} with the name '${goal.name}'`,
      );
    }
    this.seen.add(urn);
    if (goal.type === STACK_TYPE) {
      this.stackUrn = urn;
    }
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
      return isProviderType(goal.type)
        ? await this.registerProvider(urn, goal)
        : await this.registerManaged(urn, goal);
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
      provider: goal.provider || (await this.defaultProvider(goal.type, goal.version)),
    };
    if (goal.id !== UNKNOWN) {
      const provider = await providerOf(run, state);
      const inputs = unwrapSecrets(goal.inputs);
      const found = await run.slots.use(() => provider.read({ urn, id: goal.id, inputs, outputs: inputs }));
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

  /** The outputs of the program. */
  outputs(): Properties {
    return (this.stackUrn && this.run.snapshot.live(this.stackUrn)?.outputs) || {};
  }

  /** Deletes what the program no longer has, and what was replaced. */
  async removeUnwanted(): Promise<void> {
    const { run } = this;
    const unwanted = run.snapshot.all().filter((state) => state.delete || !this.seen.has(state.urn));
    const vanishing = new Set(unwanted.filter((state) => !state.delete).map((state) => state.urn));
    await removeInReverseOrder(unwanted, (state) => this.remove(state, vanishing));
  }

  private async remove(state: ResourceState, vanishing: ReadonlySet<string>): Promise<boolean> {
    const { run } = this;
    if (state.protect) {
      run.reporter.fail(state.urn, protectedMessage("is no longer in the program, but it"));
      return false;
    }
    if (run.preview) {
      if (!state.delete && !isDefaultProvider(state)) {
        run.reporter.planned("delete", state.urn, state.retainOnDelete ? "forget (it is kept)" : "delete");
        run.reporter.count("delete");
      }
      return true;
    }
    try {
      await deleteResource(run, state, vanishing);
      if (!state.delete && !isDefaultProvider(state)) {
        run.reporter.count("delete");
      }
      return true;
    } catch (error) {
      if (!(error instanceof Stopped)) {
        run.reporter.fail(state.urn, (error as Error).message);
      }
      return false;
    }
  }

  private async registerComponent(urn: string, goal: Goal): Promise<Registered> {
    const { run } = this;
    const old = run.snapshot.live(urn);
    const outputs = old?.outputs ?? {};
    run.snapshot.replace(old, { ...this.state(urn, goal), custom: false, outputs });
    if (old === undefined) {
      this.announce("create", urn);
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
    run.snapshot.replace(old, { ...this.state(urn, goal), id, outputs: goal.inputs });
    if (operation !== "same") {
      const names = Object.keys({ ...old?.inputs, ...goal.inputs });
      const changed =
        old === undefined
          ? []
          : names.filter(
              (name) => !sameProperties({ value: old.inputs?.[name] }, { value: goal.inputs[name] }),
            );
      this.announce(operation, urn, describeChanges(changed, old?.inputs ?? {}, goal.inputs));
      await run.snapshot.save();
    }
    run.reporter.count(operation);
    return { urn, id: id === UNKNOWN ? "" : id, outputs: goal.inputs, result: "success" };
  }

  private async registerManaged(urn: string, goal: Goal): Promise<Registered> {
    const { run } = this;
    const reference = goal.provider || (await this.defaultProvider(goal.type, goal.version));
    const provider = await run.providers.find(goal.type, providerUrn(reference));
    const old = this.former(urn, goal.aliases);
    const wanted =
      old === undefined ? goal.inputs : keepIgnored(goal.inputs, old.inputs ?? {}, goal.ignoreChanges);
    const inputs = await this.check(provider, urn, wanted, old);
    const state: ResourceState = { ...this.state(urn, goal), inputs, provider: reference };

    if (old === undefined || old.external) {
      if (old !== undefined) {
        run.snapshot.remove(old);
      }
      return this.create(state, this.doomed.has(urn) ? "replace" : "create");
    }
    const plan = await this.plan(provider, old, state, goal);
    switch (plan.operation) {
      case "same":
        return this.keep(old, state);
      case "update":
        return this.update(old, state, plan);
      case "replace":
        return this.replace(old, state, plan);
    }
  }

  private async check(
    provider: ResourceProvider,
    urn: string,
    inputs: Properties,
    old: ResourceState | undefined,
  ): Promise<Properties> {
    if (provider.check === undefined) {
      return inputs;
    }
    const checked = await provider.check({
      urn,
      ...(old === undefined ? {} : { oldInputs: unwrapSecrets(old.inputs ?? {}) }),
      newInputs: unwrapSecrets(inputs),
    });
    if (checked.failures.length > 0) {
      throw new Error(
        checked.failures
          .map(({ property, reason }) => (property ? `property '${property}': ${reason}` : reason))
          .join("\n"),
      );
    }
    return markSecretsLike(checked.inputs, inputs);
  }

  private async plan(
    provider: ResourceProvider,
    old: ResourceState,
    state: ResourceState,
    goal: Goal,
  ): Promise<StepPlan> {
    const diff = await provider.diff({
      urn: state.urn,
      id: old.id ?? "",
      oldInputs: unwrapSecrets(old.inputs ?? {}),
      oldOutputs: unwrapSecrets(old.outputs ?? {}),
      newInputs: unwrapSecrets(state.inputs ?? {}),
    });
    if (this.doomed.has(state.urn)) {
      return { operation: "replace", changed: diff.changed, replaces: diff.changed, deleteFirst: true };
    }
    return planStep(diff, { ...goal, initErrors: old.initErrors ?? [] });
  }

  private async create(
    state: ResourceState,
    operation: "create" | "replace",
    replaced?: ResourceState,
  ): Promise<Registered> {
    const { run } = this;
    if (run.preview) {
      if (operation === "create") {
        this.announce("create", state.urn);
      }
      run.snapshot.replace(replaced, { ...state, outputs: state.inputs });
      run.reporter.count(operation);
      return { urn: state.urn, id: "", outputs: state.inputs ?? {}, result: "success" };
    }
    const created = await createResource(run, state, operation, replaced);
    run.reporter.count(operation);
    return registered(created);
  }

  private async keep(old: ResourceState, state: ResourceState): Promise<Registered> {
    const kept: ResourceState = {
      ...state,
      id: old.id,
      outputs: markSecretNames(old.outputs ?? {}, state.additionalSecretOutputs ?? []),
      created: old.created,
      modified: old.modified,
    };
    this.run.snapshot.replace(old, kept);
    this.run.reporter.count("same");
    return registered(kept);
  }

  private async update(
    old: ResourceState,
    state: ResourceState,
    plan: { changed: string[] },
  ): Promise<Registered> {
    const { run } = this;
    const { id, created } = old;
    if (!run.preview) {
      const updated = await updateResource(run, old, { ...state, id, created, outputs: old.outputs });
      run.reporter.count("update");
      return registered(updated);
    }
    const retry = (old.initErrors ?? []).map((message) => `(again, because of the last run: ${message})`);
    this.announce("update", state.urn, [...this.changes(plan.changed, old, state), ...retry]);
    run.reporter.count("update");
    const planned = { ...state, id, outputs: state.inputs };
    run.snapshot.replace(old, planned);
    return registered(planned);
  }

  private async replace(
    old: ResourceState,
    state: ResourceState,
    plan: { changed: string[]; replaces: string[]; deleteFirst: boolean },
  ): Promise<Registered> {
    const { run } = this;
    if (state.protect || old.protect) {
      throw new Error(protectedMessage(`would have to be replaced (${plan.replaces.join(", ")}), but it`));
    }
    if (!plan.deleteFirst) {
      this.announceReplacement(old, state, plan);
      return this.create(state, "replace", old);
    }
    const dependents = await dependentsToReplace(run, old, this.seen);
    const victims = [old, ...dependents];
    const protectedVictim = dependents.find((victim) => victim.protect);
    if (protectedVictim !== undefined) {
      throw new Error(
        `it cannot be replaced without ${displayName(protectedVictim.urn)}, which is protected against deletion`,
      );
    }
    for (const victim of dependents) {
      this.doomed.add(victim.urn);
    }
    this.announceReplacement(old, state, plan);
    if (run.preview) {
      return this.create(state, "replace", old);
    }
    await removeInReverseOrder(victims, async (victim) => {
      await deleteResource(run, victim);
      return true;
    });
    return this.create(state, "replace");
  }

  private announceReplacement(
    old: ResourceState,
    state: ResourceState,
    plan: { changed: string[]; replaces: string[]; deleteFirst: boolean },
  ): void {
    const order = plan.deleteFirst ? "the old one is deleted first" : "the old one is deleted at the end";
    this.announce("replace", state.urn, [`(${order})`, ...this.changes(plan.changed, old, state)]);
  }

  /** Compares inputs; where these are alike and yet something changed, the live values with the inputs. */
  private changes(names: string[], old: ResourceState, state: ResourceState): string[] {
    const shown = { ...old.inputs };
    for (const name of names) {
      const differs = !sameProperties({ value: old.inputs?.[name] }, { value: state.inputs?.[name] });
      if (!differs && old.outputs !== undefined && name in old.outputs) {
        shown[name] = old.outputs[name];
      }
    }
    return describeChanges(names, shown, state.inputs ?? {});
  }

  private announce(operation: Operation, urn: string, details: string[] = []): void {
    if (this.run.preview) {
      this.run.reporter.planned(operation, urn, operation, details);
    }
  }

  /** The resource as it is in the state, under its name or a former one. */
  private former(urn: string, aliases: string[]): ResourceState | undefined {
    const { snapshot } = this.run;
    const old = snapshot.live(urn);
    if (old !== undefined) {
      return old;
    }
    const alias = aliases.find((former) => !this.seen.has(former) && snapshot.live(former) !== undefined);
    if (alias !== undefined) {
      this.seen.add(alias);
      return snapshot.live(alias);
    }
    return undefined;
  }

  /** Reference to the default provider of the package, which the state knows as a resource too. */
  private async defaultProvider(type: string, version: string): Promise<string> {
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

  private state(urn: string, goal: Goal): ResourceState {
    const parent = this.run.snapshot.live(goal.parent);
    const customTimeouts = inSeconds(goal.customTimeouts);
    const { additionalSecretOutputs, dependencies, propertyDependencies } = goal;
    return {
      urn,
      custom: goal.custom,
      type: goal.type,
      inputs: goal.inputs,
      ...(goal.parent === "" ? {} : { parent: goal.parent }),
      ...((goal.protect ?? parent?.protect) ? { protect: true } : {}),
      ...((goal.retainOnDelete ?? parent?.retainOnDelete) ? { retainOnDelete: true } : {}),
      ...(dependencies.length === 0 ? {} : { dependencies }),
      ...(Object.keys(propertyDependencies).length === 0 ? {} : { propertyDependencies }),
      ...(goal.deletedWith === "" ? {} : { deletedWith: goal.deletedWith }),
      ...(additionalSecretOutputs.length === 0 ? {} : { additionalSecretOutputs }),
      ...(Object.keys(customTimeouts).length === 0 ? {} : { customTimeouts }),
    };
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

function registered(state: ResourceState): Registered {
  return { urn: state.urn, id: state.id ?? "", outputs: state.outputs ?? {}, result: "success" };
}

function isDefaultProvider(state: ResourceState): boolean {
  return isProviderType(state.type) && parseUrn(state.urn).name.startsWith("default");
}

export function protectedMessage(what: string): string {
  return `${what} is protected against deletion. Set \`protect: false\` in the program and run \`up\` first.`;
}
