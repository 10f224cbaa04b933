import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as tls from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { extraCertificates } from "../../../components/trusted-certificates";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "certificates-"));
const certificate = tls.rootCertificates[0] as string;

function file(name: string, content: string): string {
  const full = path.join(folder, name);
  fs.writeFileSync(full, content);
  return full;
}

afterEach(() => {
  for (const name of fs.readdirSync(folder)) fs.rmSync(path.join(folder, name));
});

describe("certificate authorities for image builds", () => {
  it("are those of the chosen file, each once", () => {
    const chosen = file("ca.pem", `a comment\n${certificate}\n${certificate}\n`);
    expect(extraCertificates(chosen)).toBe(`${certificate.trim()}\n`);
  });

  it("have to be in the chosen file", () => {
    expect(() => extraCertificates(file("empty.pem", "nothing"))).toThrow(
      /empty\.pem holds no PEM certificate/,
    );
    expect(() => extraCertificates(path.join(folder, "missing.pem"))).toThrow(/missing\.pem does not exist/);
  });
});
