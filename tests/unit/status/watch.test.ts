import { afterEach, describe, expect, it } from "vitest";
import { untilInterrupted } from "../../../tools/status/watch";

const before = process.listenerCount("SIGINT");
afterEach(() => expect(process.listenerCount("SIGINT"), "no handler stays").toBe(before));

async function watched(redraw: boolean, looks: number, text: () => Promise<string>): Promise<string> {
  const written: string[] = [];
  const out = {
    write(chunk: string | Uint8Array) {
      if (written.push(String(chunk)) === looks) process.emit("SIGINT");
      return true;
    },
  };
  await untilInterrupted(text, 10, { redraw, out });
  return written.join("");
}

describe("watching", () => {
  it("shows one text after another until it is interrupted", async () => {
    let look = 0;
    expect(await watched(false, 3, async () => `look ${++look}`)).toBe("look 1\nlook 2\nlook 3\n");
  });

  it("draws in a terminal in the place of the text before", async () => {
    expect(await watched(true, 1, async () => "all is well")).toBe("\x1b[H\x1b[Jall is well\n");
  });

  it("does not wait for an answer that does not come", async () => {
    setTimeout(() => process.emit("SIGINT"), 20);
    expect(await watched(false, 9, () => new Promise(() => {}))).toBe("");
  });

  it("ends with what went wrong", async () => {
    const failing = () => Promise.reject(new Error("the stack is gone"));
    await expect(watched(false, 9, failing)).rejects.toThrow("the stack is gone");
  });
});
