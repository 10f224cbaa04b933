import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";

/** Marks a body as encrypted with AES-256-GCM under a PBKDF2 key: of MinIO's three ways the one Node carries. */
const PBKDF2_AES_GCM = 0x02;
const PBKDF2_ROUNDS = 8192;
/** Longer bodies are split into fragments, which nothing sent here needs. */
const FRAGMENT_BYTES = 16 * 1024;

/**
 * Encrypts a body for MinIO's admin API, which takes secrets only so: salt, algorithm, nonce, then one fragment of
 * the `sio` stream format, whose associated data is "last fragment" and the tag of an empty first one.
 *
 * @param password the secret key of the user who signs the request
 */
export function encryptAdminBody(password: string, body: Buffer): Buffer {
  if (body.length > FRAGMENT_BYTES) throw new Error(`an admin request of ${body.length} bytes is too long`);
  const salt = randomBytes(32);
  const nonce = randomBytes(8);
  const key = pbkdf2Sync(password, salt, PBKDF2_ROUNDS, 32, "sha256");
  const tag = seal(key, nonce, 0, Buffer.alloc(0), Buffer.alloc(0));
  const fragment = seal(key, nonce, 1, body, Buffer.concat([Buffer.of(0x80), tag]));
  return Buffer.concat([salt, Buffer.of(PBKDF2_AES_GCM), nonce, fragment]);
}

function seal(key: Buffer, nonce: Buffer, sequence: number, plain: Buffer, associated: Buffer): Buffer {
  const counter = Buffer.alloc(4);
  counter.writeUInt32LE(sequence);
  const cipher = createCipheriv("aes-256-gcm", key, Buffer.concat([nonce, counter]));
  cipher.setAAD(associated);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}
