/** What a source of advisories says, or why it says nothing. */
export interface Advisory {
  /** Its id and other names of the same, such as CVE-2026-40344. */
  readonly ids: readonly string[];
  /** Package and version that it is about. */
  readonly about: string;
  readonly summary: string;
}

export type Answer =
  | { readonly source: string; readonly advisories: readonly Advisory[] }
  | { readonly source: string; readonly unreachable: string };

/** Advisories that somebody has looked at, by id: why they do not reach this platform, or how they are mended. */
export type Judged = Readonly<Record<string, string>>;

/** Those that nobody has looked at yet. */
export function open(answers: readonly Answer[], judged: Judged): Advisory[] {
  return answers
    .flatMap((answer) => ("advisories" in answer ? answer.advisories : []))
    .filter(({ ids }) => !ids.some((id) => id in judged));
}

/** 0: all sources were asked, and nothing is open; 1: something is; 2: a source could not be asked, so nobody knows. */
export function exitCode(answers: readonly Answer[], judged: Judged): number {
  if (open(answers, judged).length > 0) return 1;
  return answers.some((answer) => "unreachable" in answer) ? 2 : 0;
}
