/** Which engine works on a stack. Pure. */
import { UserError } from "../console";

export const ENGINES = ["pulumi", "embedded"] as const;
export type EngineName = (typeof ENGINES)[number];

/** What is known of a stack and of this machine. */
export interface StackFacts {
  readonly stack: string;
  /** The engine asked for, as the user wrote it. */
  readonly asked: string | undefined;
  /** Engines in whose state there is something of the stack. */
  readonly deployedBy: readonly EngineName[];
  /** Whether the Pulumi CLI is on PATH. */
  readonly installed: boolean;
}

const CALLED: Record<EngineName, string> = { pulumi: "the Pulumi CLI", embedded: "the embedded engine" };

/**
 * The engine that deployed the stack; for one that is not deployed the engine asked for, or the Pulumi CLI when it is on PATH,
 * or the embedded one.
 *
 * @throws UserError when the engine asked for is unknown, not installed, or not the one that deployed the stack
 */
export function decideEngine({ stack, asked, deployedBy, installed }: StackFacts): EngineName {
  if (asked !== undefined && !isEngine(asked)) {
    throw new UserError(`There is no engine ${asked}.`, "Choose `--engine pulumi` or `--engine embedded`.");
  }
  const [owner, ...others] = deployedBy;
  if (asked === undefined && others.length > 0) {
    throw new UserError(
      `Stack ${stack} is in the state of both engines.`,
      `Say which one is meant with \`--engine\`; destroy what the other one made: \`npm run destroy -- --stack ${stack} --engine …\`.`,
    );
  }
  if (asked !== undefined && owner !== undefined && !deployedBy.includes(asked)) {
    throw new UserError(
      `Stack ${stack} was deployed by ${CALLED[owner]}; ${CALLED[asked]} does not know its resources.`,
      `Run without --engine, or hand it over first: \`npm run hand-over -- --stack ${stack} --to ${asked}\`.`,
    );
  }
  const engine = asked ?? owner ?? (installed ? "pulumi" : "embedded");
  if (engine === "pulumi" && !installed) {
    throw new UserError(
      `${owner === "pulumi" ? `Stack ${stack} was deployed by the Pulumi CLI, which` : "The Pulumi CLI"} is not on PATH.`,
      `Install it (pulumi.com/docs/install)${owner === "pulumi" ? "." : ", or use `--engine embedded`."}`,
    );
  }
  return engine;
}

function isEngine(text: string): text is EngineName {
  return (ENGINES as readonly string[]).includes(text);
}
