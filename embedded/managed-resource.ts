/** A resource that a provider manages: compares it with the state and takes the step it needs. */
import { removeInReverseOrder } from "./dependency-order";
import { dependentsToReplace, goesWith } from "./dependent-replacement";
import { providerUrn, type ResourceState } from "./deployment";
import type { Goal, Registered } from "./goal";
import { keepIgnored } from "./ignored-changes";
import { describeChanges } from "./property-diff";
import { changedNames, markSecretNames, markSecretsLike, unwrapSecrets } from "./property-values";
import type { Properties, ResourceProvider } from "./provider";
import { protectedMessage } from "./removal";
import { planStep, type StepPlan } from "./step-plan";
import { createResource, deleteResource, type Run, updateResource } from "./steps";
import { displayName, parseUrn } from "./urn";

type Replacement = Extract<StepPlan, { operation: "replace" }>;

export class ManagedResources {
  /** Resources that go, or have gone, because something they were computed from is replaced. */
  private readonly doomed = new Set<string>();
  private readonly replaced = new Set<string>();

  /**
   * @param seen URNs that the program has registered in this run.
   * @param asked Names of resources to be replaced, whether they changed or not.
   */
  constructor(
    private readonly run: Run,
    private readonly seen: Set<string>,
    private readonly asked: ReadonlySet<string>,
  ) {}

  /** @param planned The resource with the program's inputs and a provider reference. */
  async register(goal: Goal, planned: ResourceState): Promise<Registered> {
    const { run } = this;
    const { urn } = planned;
    const provider = await run.providers.find(goal.type, providerUrn(planned.provider ?? ""));
    const old = this.former(urn, goal.aliases);
    const wanted =
      old === undefined ? goal.inputs : keepIgnored(goal.inputs, old.inputs ?? {}, goal.ignoreChanges);
    const inputs = await this.check(provider, urn, wanted, old);
    const state: ResourceState = { ...planned, inputs };

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
    const asked = this.asked.has(parseUrn(state.urn).name) ? ["(asked for)"] : [];
    const along = goesWith(state)
      .filter((urn) => this.replaced.has(urn))
      .map((urn) => `(with ${displayName(urn)})`);
    const wanted = { ...diff, replaces: [...diff.replaces, ...asked, ...along] };
    return planStep(wanted, { ...goal, initErrors: old.initErrors ?? [] });
  }

  private async create(
    state: ResourceState,
    operation: "create" | "replace",
    replaced?: ResourceState,
  ): Promise<Registered> {
    const { run } = this;
    if (run.preview) {
      if (operation === "create") {
        this.run.reporter.plan("create", state.urn);
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
    this.run.reporter.plan("update", state.urn, [...this.changes(plan.changed, old, state), ...retry]);
    run.reporter.count("update");
    const planned = { ...state, id, outputs: state.inputs };
    run.snapshot.replace(old, planned);
    return registered(planned);
  }

  private async replace(old: ResourceState, state: ResourceState, plan: Replacement): Promise<Registered> {
    const { run } = this;
    if (state.protect || old.protect) {
      throw new Error(protectedMessage(`would have to be replaced (${plan.replaces.join(", ")}), but it`));
    }
    this.replaced.add(state.urn);
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

  private announceReplacement(old: ResourceState, state: ResourceState, plan: Replacement): void {
    const order = plan.deleteFirst ? "the old one is deleted first" : "the old one is deleted at the end";
    this.run.reporter.plan("replace", state.urn, [`(${order})`, ...this.changes(plan.changed, old, state)]);
  }

  /** Compares inputs; where these are alike and yet something changed, the live values with the inputs. */
  private changes(names: string[], old: ResourceState, state: ResourceState): string[] {
    const differing = changedNames(old.inputs ?? {}, state.inputs ?? {});
    const live = Object.entries(old.outputs ?? {}).filter(
      ([name]) => names.includes(name) && !differing.includes(name),
    );
    const shown = { ...old.inputs, ...Object.fromEntries(live) };
    return describeChanges(names, shown, state.inputs ?? {});
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
}

function registered(state: ResourceState): Registered {
  return { urn: state.urn, id: state.id ?? "", outputs: state.outputs ?? {}, result: "success" };
}
