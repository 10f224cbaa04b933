/** The page over HTTP: for whoever has the token, and read-only. */
import * as http from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { isOwnHost, isSameOrigin } from "./hosts";
import { cookieIn, isSame, isSession, SESSION_MS, sessionOf } from "./session";

export interface Site {
  readonly stack: string;
  readonly token: string;
  /** Files of the page by path, with their type; nothing in them is secret. */
  readonly files: ReadonlyMap<string, { readonly type: string; readonly text: string }>;
  /** Answers as JSON, for those who have signed in; undefined: there is no such thing. */
  readonly answer: (path: string) => Promise<object | undefined>;
  /** Blanks secrets in what is about to be sent. */
  readonly blanked: (text: string) => string;
  readonly now?: () => number;
}

/** Nothing is loaded but this site's own files, and nobody shows it in a frame of theirs. */
const HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "X-Content-Type-Options": "nosniff",
  // With none at all, browsers send forms with the origin `null`.
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
};
const HTML = "text/html; charset=utf-8";
const MOST_FORM_BYTES = 4_096;
const zip = promisify(gzip);

export function serve(port: number, site: Site): http.Server {
  const server = http.createServer((request, response) => {
    handle(request, response, site).catch((error: Error) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(500, HEADERS);
      response.end();
    });
  });
  // Whoever connects and says nothing is not waited for.
  server.requestTimeout = 10_000;
  return server.listen(port);
}

async function handle(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  site: Site,
): Promise<void> {
  const { method, headers } = request;
  const now = (site.now ?? Date.now)();
  const send = async (status: number, type: string, text: string, more: http.OutgoingHttpHeaders = {}) => {
    const isZipped = text.length > 1_000 && /\bgzip\b/.test(String(headers["accept-encoding"]));
    const body = isZipped ? await zip(text) : Buffer.from(text);
    const encoding = isZipped ? { "Content-Encoding": "gzip" } : {};
    response.writeHead(status, { ...HEADERS, "Content-Type": type, ...encoding, ...more }).end(body);
  };
  const say = (status: number, text: string) => send(status, "text/plain; charset=utf-8", `${text}\n`);
  if (!isOwnHost(headers.host))
    return say(
      421,
      "Open this page by the address of its machine, or as localhost: it goes by no other name.",
    );
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  if (path === "/health") return say(200, "ok");
  const file = site.files.get(path);
  if (file && method === "GET") return send(200, file.type, file.text);

  const cookie = `cdc-console-${site.stack}`;
  if (path === "/login" && method === "POST") {
    if (!isSameOrigin(headers.origin, headers.host)) return say(403, "This form is of another site.");
    const given = new URLSearchParams(await bodyOf(request)).get("token") ?? "";
    if (!isSame(given.trim(), site.token))
      return send(403, HTML, signIn(site.stack, "That is not the token."));
    const value = `${cookie}=${sessionOf(site.token, now)}`;
    const kept = `${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${SESSION_MS / 1000}`;
    response.writeHead(303, { ...HEADERS, Location: "/", "Set-Cookie": kept }).end();
    return;
  }
  if (method !== "GET") return say(405, "This page only shows.");
  const isKnown = isSession(cookieIn(headers.cookie, cookie), site.token, now);
  if (path === "/") return send(isKnown ? 200 : 401, HTML, isKnown ? page(site.stack) : signIn(site.stack));
  if (!isKnown) return say(401, "Sign in first.");
  const answer = await site.answer(path);
  if (!answer) return say(404, "There is no such thing here.");
  return send(200, "application/json", site.blanked(JSON.stringify(answer)));
}

async function bodyOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MOST_FORM_BYTES) return "";
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** @param stack letters, digits and dashes: what Pulumi allows in a name */
function page(stack: string): string {
  return html(stack, '<div id="page"></div><script type="module" src="/page.js"></script>');
}

function signIn(stack: string, wrong = ""): string {
  const told = wrong && `<p role="alert">${wrong}</p>`;
  return html(
    stack,
    `<main class="sign-in"><h1>Stack ${stack}</h1>${told}<form method="post" action="/login">
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button type="submit">Sign in</button></form>
<p><code>npm run outputs -- --stack ${stack} --show-secrets</code> prints it as <code>consoleToken</code>.</p></main>`,
  );
}

function html(stack: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${stack} · cdc-platform</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/page.css"></head>
<body>${body}</body></html>
`;
}
