/** Brings the state in line with what is really there. */
import { isDeepStrictEqual } from "node:util";
import type { ResourceState } from "./deployment";
import { describeChanges } from "./property-diff";
import { changedNames, markSecretNames, markSecretsLike, unwrapSecrets } from "./property-values";
import type { Properties, ReadResult } from "./provider";
import { Stopped } from "./slots";
import { isManaged, providerOf, type Run } from "./steps";
import { displayName } from "./urn";

export async function refresh(run: Run): Promise<void> {
  const resources = run.snapshot.all().filter(isManaged);
  for (const pending of run.snapshot.pendingOperations()) {
    run.reporter.line(
      `The last run was interrupted while ${pending.type} ${displayName(pending.resource.urn)}; the next \`up\` settles it.`,
    );
  }
  await Promise.all(resources.map((state) => refreshResource(run, state)));
  await run.snapshot.save();
}

async function refreshResource(run: Run, state: ResourceState): Promise<void> {
  const { reporter, snapshot } = run;
  let found: ReadResult | undefined;
  try {
    const provider = await providerOf(run, state);
    found = await run.slots.use(() =>
      provider.read({
        urn: state.urn,
        id: state.id ?? "",
        inputs: unwrapSecrets(state.inputs ?? {}),
        outputs: unwrapSecrets(state.outputs ?? {}),
        progress: (message) => reporter.remark("refresh", state.urn, message),
      }),
    );
  } catch (error) {
    if (!(error instanceof Stopped)) {
      reporter.fail(state.urn, (error as Error).message);
    }
    return;
  }
  if (found === undefined) {
    snapshot.remove(state);
    reporter.remark("delete", state.urn, "is gone; the next `up` makes it again");
    reporter.count("delete");
  } else {
    record(run, state, found);
  }
  await snapshot.save();
}

function record(run: Run, state: ResourceState, found: ReadResult): void {
  const secretNames = state.additionalSecretOutputs ?? [];
  const inputs = markSecretsLike(found.inputs, state.inputs ?? {});
  const outputs = markSecretNames(
    markSecretsLike(markSecretsLike(found.outputs, state.outputs ?? {}), state.inputs ?? {}),
    secretNames,
  );
  const live = { ...state, id: found.id, inputs, outputs };
  if (isDeepStrictEqual(live, state)) {
    run.reporter.count("same");
    return;
  }
  run.snapshot.replace(state, { ...live, modified: new Date().toISOString() });
  const lines = [...drift(state.inputs ?? {}, inputs), ...drift(state.outputs ?? {}, outputs)];
  if (lines.length === 0 && live.id === state.id) {
    // Only where secrets are marked differs: the values are the same.
    run.reporter.count("same");
    return;
  }
  run.reporter.remark("refresh", state.urn, "differs from what was recorded", [...new Set(lines)]);
  run.reporter.count("refresh");
}

function drift(recorded: Properties, live: Properties): string[] {
  return describeChanges(changedNames(recorded, live), recorded, live);
}
