/** Advisories of the packages in package-lock.json, from the registry that npm is configured for. */
import execa from "execa";
import type { Answer } from "./source";

const SOURCE = "npm audit";

interface Report {
  readonly vulnerabilities?: Record<
    string,
    { range: string; via: (string | { url?: string; title?: string })[] }
  >;
  readonly message?: string;
}

export async function npmAudit(): Promise<Answer> {
  const { stdout, stderr } = await execa("npm", ["audit", "--json"], { reject: false });
  return auditAnswer(stdout, stderr);
}

/** @param output of `npm audit --json`, which also ends with an error when there are advisories */
export function auditAnswer(output: string, errors: string): Answer {
  const { vulnerabilities, message } = parsed(output);
  if (vulnerabilities === undefined) {
    const reason = message ?? (errors.trim().split("\n")[0] || "no answer");
    return { source: SOURCE, unreachable: reason };
  }
  const advisories = Object.entries(vulnerabilities).flatMap(([name, { range, via }]) =>
    via.flatMap((cause) =>
      // A text names the package that has it, which has an entry of its own.
      typeof cause === "string"
        ? []
        : [
            {
              ids: [cause.url?.split("/").at(-1) ?? name],
              about: `${name} ${range}`,
              summary: cause.title ?? "",
            },
          ],
    ),
  );
  return { source: SOURCE, advisories };
}

function parsed(output: string): Report {
  try {
    return JSON.parse(output);
  } catch {
    return {};
  }
}
