/** What a provider's `check` has against its inputs. */
export interface InputFailure {
  readonly property: string;
  readonly reason: string;
}

/**
 * Failures as an engine is to be told them: without a property. Beside one, Pulumi's CLI shows its value, which is the whole of
 * it for something deep inside, and `{<nil>}` for something that is missing or has a path.
 */
export function withoutValues(failures: readonly InputFailure[]): InputFailure[] {
  return failures.map(({ property, reason }) => ({
    property: "",
    reason: property === "" ? reason : `${property}: ${reason}`,
  }));
}
