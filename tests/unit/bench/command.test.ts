import { describe, expect, it } from "vitest";
import { benchCommand } from "../../../bench/command";
import { SCENARIOS, SYSTEMS } from "../../../bench/request";

const options = (...words: string[]) => {
  const command = benchCommand(async () => {});
  command.parseOptions(words);
  return command.opts();
};

describe("npm run bench", () => {
  it("measures everything unless it is told otherwise, the peer included", () => {
    expect(options()).toEqual({
      only: [...SCENARIOS],
      systems: [...SYSTEMS],
      rows: 1_000_000,
      streamMinutes: 10,
      tables: 1_000,
      peer: true,
    });
  });

  it("leaves the peer out when asked to", () => {
    expect(options("--no-peer").peer).toBe(false);
  });
});
