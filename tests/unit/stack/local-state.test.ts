import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const home = process.cwd();
let folder: string;

async function inFreshCheckout() {
  vi.resetModules();
  return import("../../../stack/engines/local-state");
}

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "checkout-"));
  process.chdir(folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  process.chdir(home);
  fs.rmSync(folder, { recursive: true });
});

describe("the passphrase", () => {
  it("is made up once a checkout, readable by its owner only", async () => {
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", undefined);
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE_FILE", undefined);
    const { passphrase } = await inFreshCheckout();
    const first = passphrase();
    expect(first.length).toBeGreaterThan(20);
    expect(passphrase()).toBe(first);
    expect(fs.statSync(".state/passphrase").mode & 0o777).toBe(0o600);
  });

  it("is the user's own where there is one, an empty one included", async () => {
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "");
    const { passphrase } = await inFreshCheckout();
    expect(passphrase()).toBe("");
    expect(fs.existsSync(".state/passphrase")).toBe(false);
  });
});

describe("whether the embedded engine has deployed a stack", () => {
  it("is told by the resources in its state", async () => {
    const { isDeployedByEmbedded, embeddedStateFile } = await inFreshCheckout();
    expect(isDeployedByEmbedded("dev")).toBe(false);
    fs.mkdirSync(path.dirname(embeddedStateFile("dev")), { recursive: true });
    fs.writeFileSync(embeddedStateFile("dev"), JSON.stringify({ version: 3, deployment: { resources: [] } }));
    expect(isDeployedByEmbedded("dev")).toBe(false);
    fs.writeFileSync(
      embeddedStateFile("dev"),
      JSON.stringify({ version: 3, deployment: { resources: [{}] } }),
    );
    expect(isDeployedByEmbedded("dev")).toBe(true);
  });
});
