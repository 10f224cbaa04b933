/** Pure: which names this page goes by. A site whose name is made to lead here (DNS rebinding) has another. */
import { isIP } from "node:net";

/** @param host the request's header: `localhost`, or an address, with or without a port */
export function isOwnHost(host: string | undefined): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/.exec(host ?? "") ?? [];
  const name = bracketed ?? plain ?? "";
  return name.toLowerCase() === "localhost" || isIP(name) !== 0;
}

/** @param origin the request's header, which browsers send with each form; missing: no browser sent it */
export function isSameOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
}
