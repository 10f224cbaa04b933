/**
 * The state of a stack on disk: a Pulumi deployment (version 3) as `pulumi stack export` writes it, so that
 * `pulumi stack import` can take it over. Written atomically; the previous run's is kept as `<file>.bak`.
 */
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/version";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import type { Deployment, PendingOperation, ResourceState } from "./deployment";
import { type Crypter, newCrypter, openCrypter } from "./passphrase";
import { isObject, isSecret, SECRET, SIGNATURE, secret } from "./property-values";
import type { Properties, PropertyValue } from "./provider";

const Document = z.object({
  version: z.literal(3),
  deployment: z.object({
    secrets_providers: z
      .object({ type: z.literal("passphrase"), state: z.object({ salt: z.string() }) })
      .optional(),
    resources: z.array(z.looseObject({ urn: z.string(), type: z.string() })).optional(),
    pending_operations: z
      .array(z.object({ resource: z.looseObject({ urn: z.string() }), type: z.string() }))
      .optional(),
  }),
});

export interface StateFile {
  readonly path: string;
  /** Salt string of the passphrase that its secrets are encrypted with. */
  readonly salt: string;
  /** What the file held when it was opened; empty when there was none. */
  readonly deployment: Deployment;
  /** Replaces the content of the file, in one step. */
  write(deployment: Deployment): Promise<void>;
  /** Keeps a copy of the file as it is now. */
  backUp(): Promise<void>;
}

/**
 * Opens the state of a stack.
 * @param salt Salt string for a state that does not exist yet (the stack's `encryptionsalt`, if it has one).
 * @throws WrongPassphrase, or an error naming the file when it is not a readable deployment.
 */
export async function openStateFile(path: string, passphrase: string, salt?: string): Promise<StateFile> {
  const document = await readDocument(path);
  const fileSalt = document?.deployment.secrets_providers?.state.salt ?? salt;
  const crypter =
    fileSalt === undefined
      ? await newCrypter(passphrase)
      : await openCrypter(passphrase, fileSalt, `the state ${path}`);
  const secrets = new SecretCodec(crypter);
  return {
    path,
    salt: crypter.salt,
    deployment: {
      resources: (document?.deployment.resources ?? []).map((state) =>
        secrets.decryptState(state as unknown as ResourceState),
      ),
      pendingOperations: (document?.deployment.pending_operations ?? []).map((operation) => ({
        type: operation.type as PendingOperation["type"],
        resource: secrets.decryptState(operation.resource as unknown as ResourceState),
      })),
    },
    async write(deployment) {
      await mkdir(dirname(path), { recursive: true });
      await writeFileAtomic(path, `${JSON.stringify(toDocument(deployment, secrets), null, 2)}\n`, {
        mode: 0o600,
      });
    },
    async backUp() {
      if (document !== undefined) {
        await copyFile(path, backupOf(path));
      }
    },
  };
}

function backupOf(path: string): string {
  return `${path}.bak`;
}

async function readDocument(path: string): Promise<z.infer<typeof Document> | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
  try {
    return Document.parse(JSON.parse(text));
  } catch (error) {
    const cause = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new Error(
      `The state file ${path} cannot be read as a Pulumi deployment (version 3): ${cause}\n` +
        `The state before the last run is ${backupOf(path)}: look at both, then copy the good one to ${path}. ` +
        "Without a state the engine does not know what it made.",
    );
  }
}

function toDocument(deployment: Deployment, secrets: SecretCodec) {
  const version = `v${sdkVersion}`;
  return {
    version: 3,
    deployment: {
      manifest: {
        time: new Date().toISOString(),
        magic: createHash("sha256").update(version).digest("hex"),
        version,
      },
      secrets_providers: { type: "passphrase", state: { salt: secrets.salt } },
      resources: deployment.resources.map((state) => secrets.encryptState(state)),
      pending_operations: deployment.pendingOperations.map((operation) => ({
        resource: secrets.encryptState(operation.resource),
        type: operation.type,
      })),
      metadata: {},
    },
  };
}

/** Turns secrets `{value}` into `{ciphertext}` of their JSON and back, as Pulumi stores them. */
class SecretCodec {
  /** What the secrets of a resource were encrypted to before, so that unchanged ones do not change the file. */
  private readonly known = new Map<string, string>();

  constructor(private readonly crypter: Crypter) {}

  get salt(): string {
    return this.crypter.salt;
  }

  encryptState(state: ResourceState): ResourceState {
    return mapProperties(state, (value) => this.encrypt(value, state.urn));
  }

  decryptState(state: ResourceState): ResourceState {
    return mapProperties(state, (value) => this.decrypt(value, state.urn));
  }

  private encrypt(value: PropertyValue, urn: string): PropertyValue {
    if (isSecret(value)) {
      const text = JSON.stringify(value.value ?? null);
      const ciphertext = this.known.get(`${urn} ${text}`) ?? this.crypter.encrypt(text);
      this.known.set(`${urn} ${text}`, ciphertext);
      return { [SIGNATURE]: SECRET, ciphertext };
    }
    return mapElements(value, (element) => this.encrypt(element, urn));
  }

  private decrypt(value: PropertyValue, urn: string): PropertyValue {
    if (isSecret(value)) {
      const { ciphertext } = value as unknown as { ciphertext: string };
      const text = this.crypter.decrypt(ciphertext);
      this.known.set(`${urn} ${text}`, ciphertext);
      return secret(JSON.parse(text));
    }
    return mapElements(value, (element) => this.decrypt(element, urn));
  }
}

function mapProperties(state: ResourceState, map: (value: PropertyValue) => PropertyValue): ResourceState {
  const copy = { ...state };
  if (state.inputs !== undefined) {
    copy.inputs = map(state.inputs) as Properties;
  }
  if (state.outputs !== undefined) {
    copy.outputs = map(state.outputs) as Properties;
  }
  return copy;
}

function mapElements(value: PropertyValue, map: (element: PropertyValue) => PropertyValue): PropertyValue {
  if (Array.isArray(value)) {
    return value.map(map);
  }
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, map(element)]));
  }
  return value;
}
