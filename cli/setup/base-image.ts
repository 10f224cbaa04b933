/** Makes sure that the Debian image from which all others are built is there. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import Dockerode from "dockerode";
import execa from "execa";
import versions from "../../images/versions.json";
import { installPackages } from "../../stack/apt";
import { announce, step, UserError } from "../../stack/console";

const IMAGE = versions.DEBIAN_IMAGE;
/** `trixie` of `debian:trixie-slim`. */
const SUITE = IMAGE.replace(/^.*:/, "").replace(/-slim$/, "");

/**
 * Pulls the image, or, where no registry can be reached, makes it from Debian's packages under the same tag.
 *
 * @throws UserError when neither works
 */
export async function ensureBaseImage(): Promise<void> {
  if (await present()) return;
  announce(`${IMAGE}: pulling`);
  const pull = await execa("docker", ["pull", "--quiet", IMAGE], {
    reject: false,
    all: true,
    timeout: 120_000,
  });
  if (pull.exitCode === 0) return;
  console.log(
    `  no registry can be reached (${lastLine(pull.all ?? "timed out")}); making it from Debian's packages instead`,
  );
  await bootstrap();
}

async function present(): Promise<boolean> {
  try {
    await new Dockerode().getImage(IMAGE).inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}

async function bootstrap(): Promise<void> {
  if ((await execa("sh", ["-c", "command -v debootstrap"], { reject: false })).exitCode !== 0) {
    await installPackages(["debootstrap"], "debootstrap");
  }
  if (process.getuid?.() !== 0) {
    throw new UserError(
      `${IMAGE} cannot be pulled, and only root can make it with debootstrap.`,
      "Run `npm run setup` once as root, or load the image with `docker load`.",
    );
  }
  announce(`${IMAGE}: installing Debian ${SUITE} with debootstrap`);
  await step(`${IMAGE} made`, async () => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "debian-"));
    try {
      const made = await execa("debootstrap", ["--variant=minbase", SUITE, root], {
        reject: false,
        all: true,
      });
      if (made.exitCode !== 0) {
        throw new UserError(
          `debootstrap could not install Debian ${SUITE}:\n${(made.all ?? "").trim().split("\n").slice(-10).join("\n")}`,
          "Check that Debian's packages can be reached (a proxy goes into http_proxy), then run this again.",
        );
      }
      const archive = execa("tar", ["-C", root, "-c", "."], {
        stdout: "pipe",
        stderr: "inherit",
        buffer: false,
      });
      const load = execa("docker", ["import", "-", IMAGE], { stdin: archive.stdout ?? undefined });
      await Promise.all([archive, load]);
    } finally {
      fs.rmSync(root, { recursive: true, force: true });
    }
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
