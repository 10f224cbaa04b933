/** A stack's configuration: what `Pulumi.yaml` declares and `Pulumi.<stack>.yaml` sets, as the CLI merges it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Crypter, openCrypter } from "./passphrase";
import { type ConfigDeclaration, readProject, readYaml } from "./project";
import { isObject } from "./property-values";
import type { PropertyValue } from "./provider";

export interface LoadedConfig {
  project: { name: string };
  /** Full keys (`cdc:portOffset`) to text; objects and arrays are JSON. */
  config: Record<string, string>;
  /** Keys of `config` whose values are secret. */
  secretConfigKeys: string[];
  encryptionSalt: string | undefined;
}

const StackFile = z.looseObject({
  config: z.record(z.string(), z.unknown()).nullish(),
  encryptionsalt: z.string().optional(),
});

/**
 * Loads and checks the configuration of a stack.
 * @param passphrase Needed only when the stack file holds encrypted values (`secure:`).
 * @throws An error naming the key that is missing or of the wrong type.
 */
export async function loadConfig(options: {
  projectDir: string;
  stack: string;
  passphrase: string;
}): Promise<LoadedConfig> {
  const { projectDir, stack } = options;
  const project = readProject(projectDir);
  const stackPath = join(projectDir, `Pulumi.${stack}.yaml`);
  const parsed = StackFile.safeParse((existsSync(stackPath) && readYaml(stackPath)) || {});
  if (!parsed.success) {
    throw new Error(`${stackPath} is not a Pulumi stack file: ${z.prettifyError(parsed.error)}`);
  }
  const { config: stackValues, encryptionsalt: encryptionSalt } = parsed.data;
  const fullKey = (key: string) => (key.includes(":") ? key : `${project.name}:${key}`);
  const values = new Map<string, PropertyValue>();
  const secretKeys = new Set<string>();

  let crypter: Crypter | undefined;
  for (const [key, value] of Object.entries(stackValues ?? {})) {
    if (holdsSecure(value)) {
      if (encryptionSalt === undefined) {
        throw new Error(`${stackPath}: '${key}' is encrypted, but there is no encryptionsalt.`);
      }
      crypter ??= await openCrypter(options.passphrase, encryptionSalt, stackPath);
      secretKeys.add(fullKey(key));
    }
    values.set(fullKey(key), decrypt(value, crypter));
  }
  const missing: string[] = [];
  for (const [key, declaration] of project.config) {
    const full = fullKey(key);
    const own = full.startsWith(`${project.name}:`);
    if (values.has(full)) {
      checkType(stack, key, values.get(full), declaration, secretKeys.has(full));
    } else if (declaration.default !== undefined || declaration.value !== undefined) {
      values.set(full, declaration.default ?? declaration.value);
    } else if (own) {
      missing.push(key);
    }
    if (declaration.secret && values.has(full)) {
      secretKeys.add(full);
    }
  }
  if (missing.length > 0) {
    const [plural, them] = missing.length > 1 ? ["s", "them"] : ["", "it"];
    throw new Error(
      `Stack '${stack}' is missing configuration value${plural} '${missing.join("', '")}': set ${them} in ${stackPath}.`,
    );
  }
  return {
    project: { name: project.name },
    config: Object.fromEntries([...values].map(([key, value]) => [key, toText(value)])),
    secretConfigKeys: [...secretKeys],
    encryptionSalt,
  };
}

function isSecure(value: PropertyValue): value is { secure: string } {
  return isObject(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}

function holdsSecure(value: PropertyValue): boolean {
  if (Array.isArray(value)) {
    return value.some(holdsSecure);
  }
  return isSecure(value) || (isObject(value) && Object.values(value).some(holdsSecure));
}

function decrypt(value: PropertyValue, crypter: Crypter | undefined): PropertyValue {
  if (isSecure(value) && crypter !== undefined) {
    return crypter.decrypt(value.secure);
  }
  if (Array.isArray(value)) {
    return value.map((element) => decrypt(element, crypter));
  }
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, element]) => [key, decrypt(element, crypter)]),
    );
  }
  return value;
}

function checkType(
  stack: string,
  key: string,
  value: PropertyValue,
  declaration: ConfigDeclaration,
  encrypted: boolean,
): void {
  const { type, items } = declaration;
  if (type === undefined) {
    return;
  }
  if (declaration.secret && !encrypted) {
    throw new Error(`Stack '${stack}' with configuration key '${key}' must be encrypted as it's secret`);
  }
  if (!isOfType(value, type, items)) {
    const typeName = type === "array" && items !== undefined ? `array<${items.type}>` : type;
    throw new Error(`Stack '${stack}' with configuration key '${key}' must be of type '${typeName}'`);
  }
}

/** YAML's scalars are text to Pulumi, so `"8080"` is an integer too, and `8080` a string. */
function isOfType(value: PropertyValue, type: string, items?: { type: string }): boolean {
  switch (type) {
    case "string":
      return !isObject(value) && !Array.isArray(value) && value !== null;
    case "integer":
      return /^[+-]?\d+$/.test(toText(value));
    case "number":
      return !Number.isNaN(Number.parseFloat(toText(value)));
    case "boolean":
      return ["true", "false"].includes(toText(value));
    case "array":
      return (
        Array.isArray(value) && value.every((element) => items === undefined || isOfType(element, items.type))
      );
    default:
      return isObject(value);
  }
}

function toText(value: PropertyValue): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
