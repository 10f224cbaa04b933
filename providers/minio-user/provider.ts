import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { withoutValues } from "../check-failures";
import { type AdminClient, adminClient } from "../minio/admin-client";
import { clientAt, ServerUnreachable, unlessUnreachable } from "../minio/connection";
import { samePolicy } from "../minio/policy-document";
import {
  AS_DECLARED,
  type Found,
  inputFailures,
  type MinioUserInputs,
  type MinioUserOutputs,
} from "./inputs";

export type MinioUserProvider = Required<Omit<pulumi.dynamic.ResourceProvider, "configure">>;

/** What MinIO says to one who signs with a secret key that is not the user's, or as a user that it does not let in. */
const REFUSED = ["SignatureDoesNotMatch", "InvalidAccessKeyId"];

const REPLACING = ["name", "policyName"] as const;
const REMEMBERED = ["url", "adminUser", "adminPassword", "secretKey", "policy"] as const;

/**
 * The provider of a user of MinIO with one policy. User, policy and grant are one resource, because each is nothing without the others:
 * whichever of them was deleted or changed by hand, the secret key included, `refresh` shows it and an update puts it right.
 */
export function createProvider(): MinioUserProvider {
  async function apply(wanted: MinioUserInputs): Promise<MinioUserOutputs> {
    const admin = administrator(wanted);
    await admin.setPolicy(wanted.policyName, wanted.policy);
    await admin.setUser(wanted.name, wanted.secretKey, true);
    await admin.attach(wanted.policyName, wanted.name);
    return { ...wanted, found: AS_DECLARED };
  }

  return {
    async check(_olds, news) {
      return { inputs: news, failures: withoutValues(inputFailures(news)) };
    },

    async diff(_id, olds: MinioUserOutputs, news: MinioUserInputs) {
      const replaces = REPLACING.filter((key) => olds[key] !== news[key]);
      const changed = REMEMBERED.some((key) => olds[key] !== news[key]);
      const drifted = !isDeepStrictEqual(olds.found, AS_DECLARED);
      return { changes: replaces.length > 0 || changed || drifted, replaces, deleteBeforeReplace: true };
    },

    async create(inputs: MinioUserInputs) {
      return { id: inputs.name, outs: await apply(inputs) };
    },

    async update(_id, olds: MinioUserOutputs, news: MinioUserInputs) {
      const outs = await apply(news);
      const isRotated = olds.secretKey !== news.secretKey || !olds.found.secretKeyWorks;
      if (isRotated) await administrator(news).revokeSessions(news.name);
      return { outs };
    },

    async read(id, properties: MinioUserOutputs) {
      const { found: recorded, ...inputs } = properties;
      const found = await unlessUnreachable<Found | undefined>(
        recorded,
        () => lookAt(properties),
        (message) => console.error(`user ${properties.name}: ${message}`),
      );
      return found ? { id, inputs, props: { ...inputs, found } } : { id: "", props: {} };
    },

    async delete(_id, properties: MinioUserOutputs) {
      const { name, policyName } = properties;
      const admin = administrator(properties);
      try {
        await admin.detach(policyName, name);
        await admin.removeUser(name);
        await admin.removePolicy(policyName);
      } catch (error) {
        if (!(error instanceof ServerUnreachable)) throw error;
        console.error(`user ${name}: ${error.message} Nothing to delete there.`);
      }
    },
  };
}

function administrator({ url, adminUser, adminPassword }: MinioUserInputs): AdminClient {
  return adminClient(clientAt(url, adminUser, adminPassword));
}

/** The user as it is; undefined when there is none. */
async function lookAt(declared: MinioUserOutputs): Promise<Found | undefined> {
  const admin = administrator(declared);
  const [user, policy] = await Promise.all([admin.user(declared.name), admin.policy(declared.policyName)]);
  if (user === undefined) return undefined;
  const enabled = user.status !== "disabled";
  return {
    enabled,
    // Of a disabled user, MinIO does not say whether the key would be right.
    secretKeyWorks: enabled ? await isLetIn(declared) : declared.found.secretKeyWorks,
    policyAttached: user.policies.includes(declared.policyName),
    policyIsDeclared: policy !== undefined && samePolicy(policy, declared.policy),
  };
}

async function isLetIn({ url, name, secretKey }: MinioUserInputs): Promise<boolean> {
  const { client } = clientAt(url, name, secretKey);
  try {
    await client.listBuckets();
    return true;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== undefined && REFUSED.includes(code)) return false;
    // What else goes wrong says nothing about the key, such as that the user may not list buckets.
    return true;
  }
}

/** What `ModuleProvider("minio-user")` calls. */
export const provider = createProvider();
