/** Puts secrets into a stack's configuration, as `pulumi config set --secret` does with the passphrase provider. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { type Document, isMap, parseDocument } from "yaml";
import { newCrypter, openCrypter } from "./passphrase";
import { readProject } from "./project";

/**
 * What else is in the file stays as it is, comments included.
 * @param values By their names without the project's.
 * @param salt Salt string to be used where the file has none yet: that of the stack's state, so that one key opens both.
 * @throws WrongPassphrase
 */
export async function setConfigSecrets(
  {
    projectDir,
    stack,
    passphrase,
    salt,
  }: {
    projectDir: string;
    stack: string;
    passphrase: string;
    salt?: string;
  },
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const path = join(projectDir, `Pulumi.${stack}.yaml`);
  const isThere = existsSync(path);
  const document: Document = parseDocument(isThere ? readFileSync(path, "utf8") : "");
  const [fault] = document.errors;
  if (fault) throw new Error(`${path} cannot be read: ${fault.message}`);
  if (!isMap(document.contents)) document.contents = document.createNode({});

  const given = document.get("encryptionsalt") ?? salt;
  const crypter =
    given === undefined ? await newCrypter(passphrase) : await openCrypter(passphrase, String(given), path);
  const config = document.get("config");
  if (!isMap(config)) document.set("config", document.createNode({}));
  else if (config.items.length === 0) config.flow = false;
  for (const [name, value] of Object.entries(values)) {
    document.setIn(["config", `${readProject(projectDir).name}:${name}`], { secure: crypter.encrypt(value) });
  }
  document.set("encryptionsalt", crypter.salt);
  await writeFileAtomic(
    path,
    document.toString({ lineWidth: 0 }),
    isThere ? { mode: statSync(path).mode } : {},
  );
}
