import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve } from "../../../tools/console/server";

const TOKEN = "0123456789abcdef0123456789abcdef";
const SECRET = "the-lake's-key";

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

let server: http.Server;
let asked = 0;

beforeAll(async () => {
  server = serve(0, {
    ...{ stack: "dev", token: TOKEN },
    files: new Map([["/page.js", { type: "text/javascript", text: "1" }]]),
    answer: async (path) => {
      asked += 1;
      return path === "/view" ? { said: `it is ${SECRET}`, long: "x".repeat(2_000) } : undefined;
    },
    blanked: (text) => text.replaceAll(SECRET, "[secret]"),
  });
  await new Promise((resolve) => server.once("listening", resolve));
});

afterAll(() => server.close());

function ask(
  path: string,
  headers: http.OutgoingHttpHeaders = {},
  method = "GET",
  body = "",
): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const all = { host: `localhost:${port}`, ...headers };
    const request = http.request({ host: "127.0.0.1", port, path, method, headers: all }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const text = (answer.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      });
    });
    request.once("error", reject).end(body);
  });
}

const signIn = (token: string, headers: http.OutgoingHttpHeaders = {}) =>
  ask("/login", headers, "POST", new URLSearchParams({ token }).toString());

describe("the console", () => {
  it("shows nobody anything without the token: a form, and nothing was asked of the stack", async () => {
    const page = await ask("/");
    expect(page.status).toBe(401);
    expect(page.text).toContain('name="token"');
    expect(page.text).not.toContain(TOKEN);
    for (const path of ["/view", "/nodes/kafka", "/anything"]) expect((await ask(path)).status).toBe(401);
    expect(asked).toBe(0);
    const wrong = await signIn(`${TOKEN.slice(1)}0`);
    expect(wrong.status).toBe(403);
    expect(wrong.headers["set-cookie"]).toBeUndefined();
  });

  it("takes the token once, for a cookie that no script and no other site gets", async () => {
    const { status, headers } = await signIn(TOKEN);
    expect(status).toBe(303);
    const [cookie = ""] = headers["set-cookie"] ?? [];
    expect(cookie).toMatch(
      /^cdc-console-dev=\d+\.[0-9a-f]{64}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=43200$/,
    );
    const [pair = ""] = cookie.split(";");
    const view = await ask("/view", { cookie: pair, "accept-encoding": "gzip" });
    expect(view.status).toBe(200);
    expect(view.headers["content-encoding"]).toBe("gzip");
    expect((await ask("/", { cookie: pair })).text).toContain('src="/page.js"');
    expect((await ask("/nodes/none", { cookie: pair })).status).toBe(404);
    expect((await ask("/view", { cookie: pair.replace(/.$/, "x") })).status).toBe(401);
  });

  it("blanks secrets in all that it answers", async () => {
    const [cookie = ""] = (await signIn(TOKEN)).headers["set-cookie"] ?? [];
    const { text } = await ask("/view", { cookie: cookie.split(";")[0] });
    expect(text).toContain("it is [secret]");
    expect(text).not.toContain(SECRET);
  });

  it("answers by no other name, with or without a session, and takes no form of another site", async () => {
    expect((await ask("/", { host: "evil.example" })).status).toBe(421);
    expect((await ask("/page.js", { host: "evil.example" })).status).toBe(421);
    expect((await signIn(TOKEN, { origin: "http://evil.example" })).status).toBe(403);
  });

  it("lets a browser load its own files only, run no other script, and show it in no frame", async () => {
    for (const path of ["/", "/view", "/page.js"]) {
      const { headers } = await ask(path);
      const policy = String(headers["content-security-policy"]);
      expect(policy, path).toMatch(/default-src 'none'; script-src 'self'/);
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(policy, path).not.toMatch(/unsafe|\*|data:/);
    }
    expect((await ask("/")).text).not.toMatch(/<script(?! type="module" src)|style=|onclick/);
  });

  it("changes nothing: whatever else is sent is refused, and a form that is too long is not read", async () => {
    const [cookie = ""] = (await signIn(TOKEN)).headers["set-cookie"] ?? [];
    for (const method of ["POST", "PUT", "DELETE", "PATCH"])
      expect((await ask("/view", { cookie: cookie.split(";")[0] }, method)).status, method).toBe(405);
    expect((await signIn(`${TOKEN}${" ".repeat(5_000)}`)).status).toBe(403);
  });
});
