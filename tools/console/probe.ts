/** Whether services take a connection: all that the network tells of some of them. */
import * as net from "node:net";
import type { Service } from "./settings";

export interface Answer {
  readonly service: string;
  /** Null: nothing listens. */
  readonly address: string | null;
  /** Null for a server that is there already. */
  readonly container: string | null;
  readonly page: string | null;
  /** Why it does not answer; null: it does, or nothing listens. */
  readonly error: string | null;
}

export async function probe(services: readonly Service[], milliseconds: number): Promise<Answer[]> {
  return Promise.all(
    services.map(async ({ service, address, container, page }) => ({
      ...{ service, address: address ?? null, container: container ?? null, page: page ?? null },
      error: address === undefined ? null : await failureAt(address, milliseconds),
    })),
  );
}

function failureAt(address: string, milliseconds: number): Promise<string | null> {
  const [, host = "", port] = /^\[?([^\]]+)\]?:(\d+)$/.exec(address) ?? [];
  return new Promise((resolve) => {
    const socket = net.connect({ host, port: Number(port), timeout: milliseconds });
    const end = (error: string | null) => {
      socket.destroy();
      resolve(error);
    };
    socket.once("connect", () => end(null));
    socket.once("timeout", () => end(`no answer within ${milliseconds / 1000} s`));
    socket.once("error", ({ message, code }: NodeJS.ErrnoException) => end(code ?? message));
  });
}

/** Pure: what is wrong with a service that does not answer, and what helps. */
export function silenceOf(answers: readonly Answer[]): { about: string; text: string }[] {
  return answers.flatMap(({ service, address, container, error }) => {
    if (error === null) return [];
    const help = container
      ? `\`docker logs ${container}\` shows why, \`docker start ${container}\` starts it; one that is gone: \`npm run refresh\`, then \`npm run up\``
      : "It is not a container of this stack";
    return [{ about: service, text: `${service} does not answer at ${address} (${error}). ${help}` }];
  });
}
