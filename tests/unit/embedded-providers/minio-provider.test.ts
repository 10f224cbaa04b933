/** MinIO's answers as they were seen on the wire, played by a small server. */
import { createCipheriv, createDecipheriv, pbkdf2Sync } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import type { Properties, ResourceProvider } from "../../../embedded/provider";
import { minioPackage } from "../../../embedded/providers/minio/package";

const PASSWORD = "root-password";
const urn = "urn:pulumi:dev::cdc-platform::minio:index/x:X::lake";

interface Seen {
  method: string;
  url: string;
  body: Buffer;
}
type Answer = { status: number; body?: string };

let server: Server | undefined;
afterEach(() => server?.close());

async function play(answer: (request: Seen) => Answer) {
  const seen: Seen[] = [];
  server = createServer(async (request: IncomingMessage, response) => {
    const one = { method: request.method ?? "", url: request.url ?? "", body: await buffer(request) };
    seen.push(one);
    const { status, body } = answer(one);
    response.writeHead(status).end(body ?? "");
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return { seen, resource: resourcesAt((server.address() as AddressInfo).port) };
}

function resourcesAt(port: number) {
  const config = {
    minioServer: `127.0.0.1:${port}`,
    minioUser: "root",
    minioPassword: PASSWORD,
    minioSsl: "false",
  };
  const carried = minioPackage(config);
  return (type: string): ResourceProvider => {
    const found = carried.resource(`minio:index/${type}`);
    if (found === undefined) throw new Error(`no provider for ${type}`);
    return found;
  };
}

const said: string[] = [];
const progress = (message: string) => said.push(message);
const create = (of: ResourceProvider, inputs: Properties) => of.create({ urn, inputs, progress });
const failure = (call: Promise<unknown>) =>
  call.then(
    () => "it succeeded",
    (error: Error) => error.message,
  );
const adminError = (code: string): Answer => ({
  status: 400,
  body: JSON.stringify({ Code: code, Message: "no" }),
});

/** What the server does with an encrypted body. */
function decrypted(body: Buffer): unknown {
  const [salt, algorithm, nonce, sealed] = [
    body.subarray(0, 32),
    body[32],
    body.subarray(33, 41),
    body.subarray(41),
  ];
  expect(algorithm).toBe(2);
  const key = pbkdf2Sync(PASSWORD, salt, 8192, 32, "sha256");
  const open = (sequence: number, data: Buffer, associated: Buffer) => {
    const decipher = createDecipheriv(
      "aes-256-gcm",
      key,
      Buffer.concat([nonce, Buffer.from([sequence, 0, 0, 0])]),
    );
    decipher.setAAD(associated);
    decipher.setAuthTag(data.subarray(-16));
    return Buffer.concat([decipher.update(data.subarray(0, -16)), decipher.final()]);
  };
  // The tag of an empty first fragment binds the stream; it is recomputed by encrypting nothing.
  const cipher = createCipheriv("aes-256-gcm", key, Buffer.concat([nonce, Buffer.alloc(4)]));
  cipher.final();
  return JSON.parse(open(1, sealed, Buffer.concat([Buffer.from([0x80]), cipher.getAuthTag()])).toString());
}

describe("a MinIO user", () => {
  test("is created with its secret encrypted under the caller's password", async () => {
    const { seen, resource } = await play(() => ({ status: 200 }));
    const { outputs } = await create(resource("iamUser:IamUser"), { name: "lake", secret: "lake-secret" });
    expect(outputs).toMatchObject({ secret: "lake-secret", status: "enabled" });
    expect(seen[0]).toMatchObject({ method: "PUT", url: "/minio/admin/v3/add-user?accessKey=lake" });
    expect(seen[0]?.body.toString("latin1")).not.toContain("lake-secret");
    expect(decrypted(seen[0]?.body ?? Buffer.alloc(0))).toEqual({
      secretKey: "lake-secret",
      status: "enabled",
    });
  });

  test("is gone when MinIO does not know it, and drifted when it was disabled", async () => {
    const inputs = { name: "lake" };
    const gone = await play(() => adminError("XMinioAdminNoSuchUser"));
    expect(
      await gone.resource("iamUser:IamUser").read({ urn, id: "lake", inputs, outputs: {}, progress }),
    ).toBeUndefined();
    server?.close();
    const disabled = await play(() => ({ status: 200, body: '{"status":"disabled"}' }));
    const read = await disabled
      .resource("iamUser:IamUser")
      .read({ urn, id: "lake", inputs, outputs: {}, progress });
    expect(read?.inputs).toEqual({ name: "lake", disableUser: true });
  });
});

describe("a policy", () => {
  test("that says the same in other words is no drift, one that says more is", async () => {
    const ours = '{"Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["a"]}]}';
    let live = '{"Statement":[{"Resource":"a","Action":"s3:GetObject","Effect":"Allow"}]}';
    const { resource } = await play(() => ({ status: 200, body: live }));
    const policies = resource("iamPolicy:IamPolicy");
    const inputs = { name: "rw", policy: ours };
    const read = () => policies.read({ urn, id: "rw", inputs, outputs: inputs, progress });
    expect((await read())?.inputs).toEqual(inputs);
    live = live.replace("s3:GetObject", "s3:*");
    expect((await read())?.inputs).toEqual({ name: "rw", policy: live });
  });

  test("may be attached twice, and detached when it is not", async () => {
    const { resource, seen } = await play(() => adminError("XMinioAdminPolicyChangeAlreadyApplied"));
    const attachments = resource("iamUserPolicyAttachment:IamUserPolicyAttachment");
    const inputs = { userName: "lake", policyName: "rw" };
    await create(attachments, inputs);
    await attachments.delete({ urn, id: "x", inputs, outputs: {}, progress });
    expect(seen.map(({ url }) => url)).toEqual([
      "/minio/admin/v3/idp/builtin/policy/attach",
      "/minio/admin/v3/idp/builtin/policy/detach",
    ]);
    expect(decrypted(seen[0]?.body ?? Buffer.alloc(0))).toEqual({ policies: ["rw"], user: "lake" });
  });
});

describe("a MinIO server", () => {
  test("that is still starting is waited for", async () => {
    let requests = 0;
    const { resource } = await play(() => {
      requests += 1;
      return requests < 3 ? { ...adminError("XMinioServerNotInitialized"), status: 503 } : { status: 200 };
    });
    await create(resource("iamUser:IamUser"), { name: "lake", secret: "lake-secret" });
    expect(requests).toBe(3);
  });

  test("with another password is named with the properties at fault", async () => {
    const { resource } = await play(() => ({
      status: 403,
      body: '{"Code":"SignatureDoesNotMatch","Message":"x"}',
    }));
    for (const [type, inputs] of [
      ["iamUser:IamUser", { name: "lake", secret: "lake-secret" }],
      ["s3Bucket:S3Bucket", { bucket: "lake" }],
    ] as const) {
      expect(await failure(create(resource(type), inputs))).toMatch(
        /does not accept the provider's minioUser and minioPassword/,
      );
    }
  });

  test("that does not answer fails a create with its address, keeps what is recorded and says so, and has nothing to delete", async () => {
    const resource = resourcesAt(1);
    const buckets = resource("s3Bucket:S3Bucket");
    const inputs = { bucket: "lake", forceDestroy: true };
    expect(await failure(create(buckets, inputs))).toMatch(
      /MinIO does not answer at http:\/\/127.0.0.1:1 \(ECONNREFUSED\)/,
    );
    const recorded = { id: "lake", inputs, outputs: { arn: "x" } };
    expect(await buckets.read({ urn, ...recorded, progress })).toEqual(recorded);
    expect(said.at(-1)).toMatch(/what is recorded stands.*MinIO does not answer at http:\/\/127.0.0.1:1/);
    await buckets.delete({ urn, ...recorded, progress });
    expect(said.at(-1)).toContain("Nothing to delete there");
  });
});

describe("a bucket", () => {
  test("is deleted with its objects only on request", async () => {
    const headers: unknown[] = [];
    server = createServer((request, response) => {
      headers.push(request.headers["x-minio-force-delete"]);
      const refused = request.headers["x-minio-force-delete"] === undefined;
      response.writeHead(refused ? 409 : 204);
      response.end(refused ? "<Error><Code>BucketNotEmpty</Code><Message>not empty</Message></Error>" : "");
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const buckets = resourcesAt((server.address() as AddressInfo).port)("s3Bucket:S3Bucket");
    const remove = (forceDestroy: boolean) =>
      buckets.delete({ urn, id: "lake", inputs: { bucket: "lake", forceDestroy }, outputs: {}, progress });
    expect(await failure(remove(false))).toContain("Set forceDestroy");
    await remove(true);
    expect(headers).toEqual([undefined, "true"]);
  });

  test.each([
    ["Upper", undefined],
    ["a", undefined],
    ["lake", "public-read"],
  ])("named %s with acl %s is refused", async (bucket, acl) => {
    const checked = await resourcesAt(1)("s3Bucket:S3Bucket").check?.({ urn, newInputs: { bucket, acl } });
    expect(checked?.failures).toHaveLength(1);
  });
});
