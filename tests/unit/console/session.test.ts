import { describe, expect, it } from "vitest";
import { isOwnHost, isSameOrigin } from "../../../tools/console/hosts";
import { cookieIn, isSame, isSession, SESSION_MS, sessionOf } from "../../../tools/console/session";

const TOKEN = "0123456789abcdef0123456789abcdef";
const NOW = 1_800_000_000_000;

describe("the token", () => {
  it("is compared whole, also with texts of another length or with other characters", () => {
    expect(isSame(TOKEN, TOKEN)).toBe(true);
    for (const other of ["", TOKEN.slice(1), `${TOKEN}0`, TOKEN.toUpperCase(), "ü".repeat(32)])
      expect(isSame(other, TOKEN), other).toBe(false);
  });

  it("cannot be told from the cookie that stands for it", () => {
    expect(sessionOf(TOKEN, NOW)).not.toContain(TOKEN);
  });
});

describe("a session", () => {
  it("lasts twelve hours, and only with the signature of this stack's token", () => {
    const cookie = sessionOf(TOKEN, NOW);
    expect(isSession(cookie, TOKEN, NOW + SESSION_MS - 1)).toBe(true);
    expect(isSession(cookie, TOKEN, NOW + SESSION_MS)).toBe(false);
    expect(isSession(cookie, TOKEN, NOW - 1)).toBe(false);
    expect(isSession(cookie, `${TOKEN}1`, NOW)).toBe(false);
  });

  it("is not made longer by whoever has its cookie, nor made up", () => {
    const [, signature] = sessionOf(TOKEN, NOW).split(".");
    for (const forged of [
      undefined,
      "",
      `${NOW + 1}.${signature}`,
      `${NOW}.${"0".repeat(64)}`,
      `${NOW}`,
      TOKEN,
    ])
      expect(isSession(forged, TOKEN, NOW + 2), forged).toBe(false);
  });

  it("is found among the cookies of other ports of the same host", () => {
    expect(cookieIn("a=1; cdc-console-dev=5.x; b", "cdc-console-dev")).toBe("5.x");
    expect(cookieIn("cdc-console-dev2=1", "cdc-console-dev")).toBeUndefined();
    expect(cookieIn(undefined, "a")).toBeUndefined();
  });
});

describe("the page's name", () => {
  it.each([
    "localhost",
    "localhost:9465",
    "LOCALHOST:1",
    "127.0.0.1:9465",
    "192.168.1.20:9465",
    "[::1]:9465",
  ])("%s is one of them", (host) => {
    expect(isOwnHost(host)).toBe(true);
  });

  it.each([
    undefined,
    "",
    "evil.example",
    "evil.example:9465",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "localhost:x",
  ])("%s is another site's, made to lead here", (host) => {
    expect(isOwnHost(host)).toBe(false);
  });

  it("a form of another site is told by its origin", () => {
    expect(isSameOrigin("http://localhost:9465", "localhost:9465")).toBe(true);
    expect(isSameOrigin(undefined, "localhost:9465")).toBe(true);
    for (const origin of ["http://localhost:9000", "http://evil.example", "null"])
      expect(isSameOrigin(origin, "localhost:9465"), origin).toBe(false);
  });
});
