/** Something that is wrong, and what mends it: `status` makes an alarm of it, `doctor` its diagnosis. */
export interface Trouble {
  readonly text: string;
  readonly fix: string;
}

export function alarmOf({ text, fix }: Trouble): string {
  return `${text}. ${fix}`;
}
