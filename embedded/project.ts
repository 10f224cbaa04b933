/** The project file, `Pulumi.yaml`: its name, how the program is run, and the declared configuration. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const ConfigDeclaration = z.object({
  type: z.enum(["string", "integer", "number", "boolean", "array", "object"]).optional(),
  description: z.string().optional(),
  items: z.looseObject({ type: z.string() }).optional(),
  default: z.unknown().optional(),
  value: z.unknown().optional(),
  secret: z.boolean().optional(),
});
export type ConfigDeclaration = z.infer<typeof ConfigDeclaration>;

const ProjectFile = z.looseObject({
  name: z.string(),
  main: z.string().optional(),
  runtime: z.union([
    z.string(),
    z.object({
      name: z.string(),
      options: z
        .looseObject({
          typescript: z.boolean().optional(),
          nodeargs: z.string().optional(),
          tsconfig: z.string().optional(),
        })
        .optional(),
    }),
  ]),
  // A bare value is a default.
  config: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((declarations) =>
      Object.entries(declarations ?? {}).map(([key, declaration]) => {
        const parsed = ConfigDeclaration.safeParse(declaration);
        return [key, parsed.success ? parsed.data : { default: declaration }] as const;
      }),
    ),
});

export interface Project {
  name: string;
  /** Directory in which the program runs. */
  programDir: string;
  /** What is run there: a file's name, or `.` for the `main` of package.json. */
  program: string;
  typescript: boolean;
  tsconfig: string | undefined;
  /** Arguments to Node, before the SDK's own. */
  nodeArgs: string[];
  config: readonly (readonly [key: string, declaration: ConfigDeclaration])[];
}

export function readProject(projectDir: string): Project {
  const path = join(projectDir, "Pulumi.yaml");
  const parsed = ProjectFile.safeParse(readYaml(path));
  if (!parsed.success) {
    throw new Error(`${path} is not a Pulumi project file: ${z.prettifyError(parsed.error)}`);
  }
  const { name, main, runtime, config } = parsed.data;
  const { name: runtimeName, options } = typeof runtime === "string" ? { name: runtime } : runtime;
  if (runtimeName !== "nodejs") {
    throw new Error(`${path}: the embedded engine runs nodejs programs only, not ${runtimeName}.`);
  }
  const entry = resolve(projectDir, main ?? ".");
  const isDirectory = existsSync(entry) && statSync(entry).isDirectory();
  return {
    name,
    programDir: isDirectory ? entry : dirname(entry),
    program: isDirectory ? "." : basename(entry),
    typescript: options?.typescript ?? true,
    tsconfig: options?.tsconfig,
    nodeArgs: options?.nodeargs?.match(/[^\s"']+|"[^"]*"|'[^']*'/g)?.map(unquote) ?? [],
    config,
  };
}

export function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function unquote(argument: string): string {
  return argument.replace(/^(["'])(.*)\1$/, "$2");
}
