/** Pure: who may look. The token is typed once; a cookie that it signed stands for it from then on. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** A cookie's life in milliseconds. */
export const SESSION_MS = 12 * 60 * 60 * 1000;

/** In a time that does not depend on how much of it is right. */
export function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text, "utf8").digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

/** The cookie's value: when it was given, signed. The token cannot be told from it. */
export function sessionOf(token: string, now: number): string {
  return `${now}.${createHmac("sha256", token).update(`session ${now}`).digest("hex")}`;
}

export function isSession(value: string | undefined, token: string, now: number): boolean {
  const [, given] = /^(\d{1,15})\.[0-9a-f]{64}$/.exec(value ?? "") ?? [];
  if (value === undefined || given === undefined) return false;
  const age = now - Number(given);
  return isSame(value, sessionOf(token, Number(given))) && age >= 0 && age < SESSION_MS;
}

/** @param header of the request; browsers keep cookies of all ports of a host together */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  return (header ?? "")
    .split(";")
    .map((one) => one.trim().split("="))
    .find(([key]) => key === name)?.[1];
}
