/** A MinIO of the tests' own answers as a real one was seen to. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AS_DECLARED, type MinioUserOutputs } from "../../../providers/minio-user/inputs";
import { createProvider } from "../../../providers/minio-user/provider";

const POLICY = '{"Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["a"]}]}';

interface Store {
  user?: { status: string; policyName?: string };
  policy?: string;
  /** What a signed listing of buckets is answered with; 200 when undefined. */
  listing?: string;
}

let server: Server | undefined;
afterEach(() => server?.close());

async function minio(store: Store): Promise<{ declared: MinioUserOutputs; calls: string[] }> {
  const calls: string[] = [];
  server = createServer((request, response) => {
    const [path = ""] = (request.url ?? "").split("?");
    calls.push(`${request.method} ${path.replace("/minio/admin/v3/", "")}`);
    const refuse = (code: string) =>
      response
        .writeHead(code.includes("NoSuch") ? 404 : 403)
        .end(JSON.stringify({ Code: code, Message: "no" }));
    if (path.endsWith("/user-info") || path.endsWith("/remove-user") || path.endsWith("/detach")) {
      if (!store.user) return refuse("XMinioAdminNoSuchUser");
      return response.end(JSON.stringify(store.user));
    }
    if (path.endsWith("/info-canned-policy") || path.endsWith("/remove-canned-policy")) {
      return store.policy ? response.end(store.policy) : refuse("XMinioAdminNoSuchPolicy");
    }
    if (path === "/" && store.listing) {
      return response.writeHead(403).end(`<Error><Code>${store.listing}</Code><Message>no</Message></Error>`);
    }
    response.end("<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>");
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const declared = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    adminUser: "admin",
    adminPassword: "admin-password",
    name: "lake-writer",
    secretKey: "lake-secret",
    policyName: "lake-writer",
    policy: POLICY,
    found: AS_DECLARED,
  };
  return { declared, calls };
}

const right: Store = { user: { status: "enabled", policyName: "lake-writer" }, policy: POLICY };
const provider = createProvider();

describe("a refresh of a MinIO user", () => {
  it("finds one that is as declared unchanged", async () => {
    const { declared } = await minio(right);
    const { id, props } = await provider.read("lake-writer", declared);
    expect([id, props]).toEqual(["lake-writer", declared]);
    expect(await provider.diff(id as string, props, declared)).toMatchObject({ changes: false });
  });

  it.each<[string, Store, object]>([
    ["disabled", { ...right, user: { status: "disabled", policyName: "lake-writer" } }, { enabled: false }],
    ["given another secret key", { ...right, listing: "SignatureDoesNotMatch" }, { secretKeyWorks: false }],
    ["deprived of its policy", { ...right, user: { status: "enabled" } }, { policyAttached: false }],
    [
      "given more rights",
      { ...right, policy: POLICY.replace("s3:GetObject", "s3:*") },
      { policyIsDeclared: false },
    ],
  ])("shows that it was %s, and the next update changes it back", async (_what, store, drift) => {
    const { declared, calls } = await minio(store);
    const { props } = await provider.read("lake-writer", declared);
    expect(props.found).toEqual({ ...AS_DECLARED, ...drift });
    expect(await provider.diff("lake-writer", props, declared)).toMatchObject({
      changes: true,
      replaces: [],
    });
    calls.length = 0;
    const { outs } = await provider.update("lake-writer", props, declared);
    expect(outs.found).toEqual(AS_DECLARED);
    expect(calls).toEqual([
      ...["PUT add-canned-policy", "PUT add-user", "POST idp/builtin/policy/attach"],
      ...("secretKeyWorks" in drift ? ["POST revoke-tokens/builtin"] : []),
    ]);
  });

  it("shows that it is gone", async () => {
    const { declared } = await minio({ policy: POLICY });
    expect(await provider.read("lake-writer", declared)).toEqual({ id: "", props: {} });
  });

  it("keeps what is recorded while the server is down, and says so", async () => {
    const { declared } = await minio(right);
    server?.close();
    server = undefined;
    const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
    expect((await provider.read("lake-writer", declared)).props).toEqual(declared);
    expect(said).toHaveBeenCalledWith(
      expect.stringMatching(/^user lake-writer: what is recorded stands.*MinIO does not answer at/),
    );
    said.mockRestore();
  });
});

describe("a MinIO user", () => {
  it("given another secret key has the sessions ended that the old one began; another policy ends none", async () => {
    const { declared, calls } = await minio(right);
    await provider.update("lake-writer", declared, { ...declared, secretKey: "another-secret" });
    expect(calls.at(-1)).toBe("POST revoke-tokens/builtin");
    calls.length = 0;
    await provider.update("lake-writer", declared, { ...declared, policy: POLICY.replace('"a"', '"b"') });
    expect(calls).not.toContain("POST revoke-tokens/builtin");
  });
});

describe("the end of a MinIO user", () => {
  it.each<[string, Store]>([
    ["with its policy", right],
    ["that was deleted by hand", {}],
  ])("%s", async (_what, store) => {
    const { declared, calls } = await minio(store);
    await provider.delete("lake-writer", declared);
    expect(calls).toEqual([
      "POST idp/builtin/policy/detach",
      "DELETE remove-user",
      "DELETE remove-canned-policy",
    ]);
  });

  it("comes with its server, when that is gone", async () => {
    const { declared } = await minio(right);
    server?.close();
    server = undefined;
    await provider.delete("lake-writer", declared);
  });
});

describe("a change of a MinIO user", () => {
  it("of the secret key, or of the administrator's password, is one in place", async () => {
    const { declared } = await minio(right);
    for (const change of [{ secretKey: "lake-secret-2" }, { adminPassword: "admin-password-2" }]) {
      expect(await provider.diff("", declared, { ...declared, ...change })).toEqual({
        changes: true,
        replaces: [],
        deleteBeforeReplace: true,
      });
    }
  });

  it("of its name makes another user, after the old one is gone", async () => {
    const { declared } = await minio(right);
    expect(await provider.diff("", declared, { ...declared, name: "other" })).toMatchObject({
      replaces: ["name"],
      deleteBeforeReplace: true,
    });
  });
});
