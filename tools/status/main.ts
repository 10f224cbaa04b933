/** Looks once, or again and again. */
import { chooseEngine } from "../../stack/engines/choose";
import { reportOf } from "./report";
import type { StatusRequest } from "./request";
import { readStatus, type Status, statusText } from "./status";
import { untilInterrupted } from "./watch";

const LOOK_EVERY_MS = 2_000;

/** @returns the exit code */
export async function run({
  stack,
  engine,
  json = false,
  all = false,
  watch = false,
}: StatusRequest): Promise<number> {
  const look = async () => readStatus(await (await chooseEngine(engine, stack)).outputs(stack, true), stack);
  if (watch) {
    const text = async () => {
      const status = await look();
      return json ? JSON.stringify(reportOf(status)) : [statusText(status, all), ...wrong(status)].join("\n");
    };
    await untilInterrupted(text, LOOK_EVERY_MS, { redraw: !json && process.stdout.isTTY });
    return 0;
  }
  const status = await look();
  console.log(json ? JSON.stringify(reportOf(status), null, 2) : statusText(status, all));
  for (const line of wrong(status)) console.error(line);
  return status.alarms.length > 0 || status.notReached.length > 0 ? 1 : 0;
}

function wrong({ alarms, notReached }: Status): string[] {
  return [
    ...alarms.map((alarm) => `ALARM: ${alarm}`),
    ...notReached.map(({ part, reason }) => `NO ANSWER from ${part}: ${reason}`),
  ];
}
