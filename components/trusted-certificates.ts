/** Certificate authorities that image builds have to trust besides the public ones (a company's proxy, say). */
import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as tls from "node:tls";
import * as pulumi from "@pulumi/pulumi";

/** Where administrators put certificate authorities of their own: Debian and Ubuntu, Fedora and RHEL. */
const ANCHOR_FOLDERS = ["/usr/local/share/ca-certificates", "/etc/pki/ca-trust/source/anchors"];

/** Variables that point programs at a whole bundle. */
const BUNDLE_VARIABLES = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"];

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates, as PEM text; empty when there are none.
 *
 * @param file PEM file chosen in the configuration. Without one: the authorities added to this machine, or,
 *   when there are none, those of the bundle in NODE_EXTRA_CA_CERTS or SSL_CERT_FILE that Node does not know
 * @throws pulumi.RunError when the chosen file is not there or holds no certificate
 */
export function extraCertificates(file: string): string {
  if (file) return chosen(file);
  const added = ANCHOR_FOLDERS.filter(fs.existsSync).flatMap((folder) =>
    fs
      .readdirSync(folder)
      .filter((name) => /\.(crt|pem)$/.test(name))
      .sort()
      .flatMap((name) => certificatesOf(path.join(folder, name))),
  );
  return toText(added.length > 0 ? added : beyondPublic(bundle()));
}

function chosen(file: string): string {
  const problem = !fs.existsSync(file)
    ? "does not exist"
    : certificatesOf(file).length === 0
      ? "holds no PEM certificate"
      : undefined;
  if (problem) {
    throw new pulumi.RunError(
      `Configuration value cdc:caCertificates: ${path.resolve(file)} ${problem}. Name a PEM file, or remove the value.`,
    );
  }
  return toText(certificatesOf(file));
}

function bundle(): string[] {
  const file = BUNDLE_VARIABLES.map((name) => process.env[name]).find(
    (value) => value && fs.existsSync(value),
  );
  return file ? certificatesOf(file) : [];
}

/** Leaves out what is in Node's own copy of the public authorities. */
function beyondPublic(certificates: string[]): string[] {
  const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint256;
  const known = new Set(tls.rootCertificates.map(fingerprint));
  return certificates.filter((pem) => !known.has(fingerprint(pem)));
}

function certificatesOf(file: string): string[] {
  return fs.readFileSync(file, "utf8").match(PEM) ?? [];
}

function toText(certificates: string[]): string {
  return [...new Set(certificates)].map((pem) => `${pem}\n`).join("");
}
