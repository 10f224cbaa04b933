/**
 * Pulumi's passphrase secrets: PBKDF2-SHA256 over the passphrase, AES-256-GCM for each value, written as
 * `v1:<nonce>:<ciphertext and tag>` in base64. The salt string carries an encrypted known word, by which a
 * wrong passphrase is noticed: `v1:<salt>:<"pulumi", encrypted>`.
 */
import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

const ITERATIONS = 1_000_000;
const KEY_BYTES = 32;
const SALT_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KNOWN_WORD = "pulumi";

export class WrongPassphrase extends Error {
  constructor(where: string) {
    super(
      `Wrong passphrase for ${where}: its secrets were encrypted with another one. ` +
        "Set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the passphrase it was made with.",
    );
    this.name = "WrongPassphrase";
  }
}

export interface Crypter {
  /** The salt string to be kept beside the encrypted values. */
  readonly salt: string;
  encrypt(text: string): string;
  decrypt(encrypted: string): string;
}

/** A crypter with a fresh salt. */
export async function newCrypter(passphrase: string): Promise<Crypter> {
  const salt = randomBytes(SALT_BYTES);
  const key = await deriveKey(passphrase, salt);
  return makeCrypter(key, `v1:${salt.toString("base64")}:${encrypt(key, KNOWN_WORD)}`);
}

/**
 * The crypter for a salt string.
 * @param where What the salt belongs to, for messages.
 * @throws WrongPassphrase
 */
export async function openCrypter(passphrase: string, salt: string, where: string): Promise<Crypter> {
  const [version, saltText, ...check] = salt.split(":");
  if (version !== "v1" || saltText === undefined || check.length !== 3) {
    throw new Error(`The encryption salt of ${where} is not of the form v1:<salt>:v1:<nonce>:<text>.`);
  }
  const key = await deriveKey(passphrase, Buffer.from(saltText, "base64"));
  let word: string;
  try {
    word = decrypt(key, check.join(":"));
  } catch {
    throw new WrongPassphrase(where);
  }
  if (word !== KNOWN_WORD) {
    throw new WrongPassphrase(where);
  }
  return makeCrypter(key, salt);
}

function makeCrypter(key: Buffer, salt: string): Crypter {
  return { salt, encrypt: (text) => encrypt(key, text), decrypt: (encrypted) => decrypt(key, encrypted) };
}

/** Deriving a key takes about half a second, by design; a run needs the same one more than once. */
const derivedKeys = new Map<string, Promise<Buffer>>();

function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  const cacheKey = `${salt.toString("base64")}:${passphrase}`;
  let key = derivedKeys.get(cacheKey);
  if (key === undefined) {
    key = promisify(pbkdf2)(passphrase, salt, ITERATIONS, KEY_BYTES, "sha256");
    derivedKeys.set(cacheKey, key);
  }
  return key;
}

function encrypt(key: Buffer, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

function decrypt(key: Buffer, encrypted: string): string {
  const [version, nonce, text] = encrypted.split(":");
  if (version !== "v1" || nonce === undefined || text === undefined) {
    throw new Error("not an encrypted value of the form v1:<nonce>:<text>");
  }
  const sealed = Buffer.from(text, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
}
