import { text } from "node:stream/consumers";
import { encryptAdminBody } from "./admin-cipher";
import { type MinioConnection, MinioError, request } from "./connection";

/** The users and policies of MinIO's admin API (`/minio/admin/v3`), as far as the platform needs them. */
export interface AdminClient {
  /** Creates the user, or gives an existing one this secret and status. */
  setUser(name: string, secret: string, enabled: boolean): Promise<void>;
  user(name: string): Promise<{ status: string; policies: string[] } | undefined>;
  /** Ends what the user signed in to by its secret key (AssumeRole), which goes on for days whatever becomes of the key. */
  revokeSessions(name: string): Promise<void>;
  removeUser(name: string): Promise<void>;
  /** Creates the policy or replaces its document. */
  setPolicy(name: string, document: string): Promise<void>;
  /** The policy's document as JSON text. */
  policy(name: string): Promise<string | undefined>;
  removePolicy(name: string): Promise<void>;
  attach(policy: string, user: string): Promise<void>;
  detach(policy: string, user: string): Promise<void>;
}

const ALREADY_SO = "XMinioAdminPolicyChangeAlreadyApplied";
const NO_SUCH_USER = "XMinioAdminNoSuchUser";
const NO_SUCH_POLICY = "XMinioAdminNoSuchPolicy";

export function adminClient(connection: MinioConnection): AdminClient {
  const call = (method: string, path: string, query: Record<string, string>, body?: Buffer) =>
    request(connection, () => send(connection, method, path, query, body));
  const encrypted = (body: object) =>
    encryptAdminBody(connection.password, Buffer.from(JSON.stringify(body)));

  return {
    async setUser(name, secret, enabled) {
      const body = encrypted({ secretKey: secret, status: enabled ? "enabled" : "disabled" });
      await call("PUT", "add-user", { accessKey: name }, body);
    },
    async user(name) {
      const answer = await absent([NO_SUCH_USER], call("GET", "user-info", { accessKey: name }));
      if (answer === undefined) return undefined;
      const { status, policyName } = JSON.parse(answer) as { status: string; policyName?: string };
      return { status, policies: (policyName ?? "").split(",").filter((policy) => policy !== "") };
    },
    async revokeSessions(name) {
      await call("POST", "revoke-tokens/builtin", { user: name, fullRevoke: "true" });
    },
    async removeUser(name) {
      await absent([NO_SUCH_USER], call("DELETE", "remove-user", { accessKey: name }));
    },
    async setPolicy(name, document) {
      await call("PUT", "add-canned-policy", { name }, Buffer.from(document));
    },
    async policy(name) {
      const answer = await absent([NO_SUCH_POLICY], call("GET", "info-canned-policy", { name }));
      return answer;
    },
    async removePolicy(name) {
      await absent([NO_SUCH_POLICY], call("DELETE", "remove-canned-policy", { name }));
    },
    async attach(policy, user) {
      const body = encrypted({ policies: [policy], user });
      await absent([ALREADY_SO], call("POST", "idp/builtin/policy/attach", {}, body));
    },
    async detach(policy, user) {
      const body = encrypted({ policies: [policy], user });
      const gone = [ALREADY_SO, NO_SUCH_USER, NO_SUCH_POLICY];
      await absent(gone, call("POST", "idp/builtin/policy/detach", {}, body));
    },
  };
}

/** The S3 client's own errors are XML; here every answer is taken and read as the JSON it is. */
const ANY_STATUS = [200, 204, 400, 401, 403, 404, 409, 500, 501, 503];

async function send(
  { client, region }: MinioConnection,
  method: string,
  path: string,
  query: Record<string, string>,
  body: Buffer | undefined,
): Promise<string> {
  const response = await client.makeRequestAsync(
    {
      method,
      bucketName: "minio",
      objectName: `admin/v3/${path}`,
      query: encodeQuery(query),
      pathStyle: true,
      // MinIO takes a POST without a type for a form and refuses it.
      headers: { "content-type": "application/octet-stream" },
    },
    body ?? "",
    ANY_STATUS,
    region,
  );
  const answer = await text(response);
  if ((response.statusCode ?? 500) < 300) return answer;
  const { Code: code, Message: message } = errorOf(answer);
  throw new MinioError(code, `MinIO's admin API refused ${path}: ${message} (${code})`);
}

function encodeQuery(query: Record<string, string>): string {
  return Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
}

function errorOf(answer: string): { Code: string; Message: string } {
  try {
    return JSON.parse(answer);
  } catch {
    return { Code: /<Code>(.*?)<\/Code>/.exec(answer)?.[1] ?? "", Message: answer.slice(0, 300) };
  }
}

/** The answer, or undefined when the server says one of these codes. */
async function absent(codes: string[], call: Promise<string>): Promise<string | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof MinioError && codes.includes(error.code)) return undefined;
    throw error;
  }
}
