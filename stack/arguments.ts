/** Values of options, as commander wants them read. */
import { InvalidArgumentError } from "commander";

/** @throws InvalidArgumentError for what is no whole number of at least 1 */
export function positiveNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError("It must be a whole number of at least 1.");
  return Number(text);
}
