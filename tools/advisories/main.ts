/** Asks every source, and says what is open. */
import * as fs from "node:fs";
import execa from "execa";
import judged from "./judged.json";
import { npmAudit } from "./npm-audit";
import { osv } from "./osv";
import { pinnedPackages } from "./pinned";
import type { AdvisoriesRequest } from "./request";
import { type Answer, exitCode, open } from "./source";

/** @returns the exit code */
export async function run({ sbom }: AdvisoriesRequest): Promise<number> {
  if (sbom !== undefined) {
    // npm's own, of package-lock.json.
    const { stdout } = await execa("npm", ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"]);
    fs.writeFileSync(sbom, `${stdout}\n`);
    console.log(`${sbom}: bill of materials of package-lock.json (CycloneDX)`);
  }
  const answers = await Promise.all([npmAudit(), osv(pinnedPackages())]);
  for (const answer of answers) console.log(line(answer));
  for (const { ids, about, summary } of open(answers, judged))
    console.log(`  ${about}: ${ids.join(", ")} ${summary}`);
  const code = exitCode(answers, judged);
  if (code === 2) console.log("What is known is not known here: run it where these are reached.");
  if (code === 1)
    console.log(
      "Judge each: another version, or a reason in tools/advisories/judged.json and docs/security.md.",
    );
  return code;
}

function line(answer: Answer): string {
  if ("unreachable" in answer) return `${answer.source}: not reached (${answer.unreachable})`;
  const count = answer.advisories.length;
  const unknown = open([answer], judged).length;
  return `${answer.source}: ${count} ${count === 1 ? "advisory" : "advisories"}, ${unknown} of them open`;
}
