import { describe, expect, it } from "vitest";
import { changeEvents } from "../../../bench/limits/events";

describe("changeEvents", () => {
  it("are as large as the connector's, which were measured: 3,628 and 699 bytes", () => {
    const size = (events: string[]) => events.reduce((sum, event) => sum + event.length, 0) / events.length;
    expect(size(changeEvents(200, true))).toBeGreaterThan(3_500);
    expect(size(changeEvents(200, true))).toBeLessThan(3_800);
    expect(size(changeEvents(200, false))).toBeGreaterThan(640);
    expect(size(changeEvents(200, false))).toBeLessThan(760);
  });

  it("differ from each other and stay on one line each", () => {
    const events = changeEvents(200, true);
    expect(new Set(events).size).toBe(200);
    expect(events.join("")).not.toContain("\n");
  });

  it("say the same with and without the schema", () => {
    const [withSchema] = changeEvents(1, true);
    const [without] = changeEvents(1, false);
    expect(JSON.parse(withSchema ?? "").payload).toEqual(JSON.parse(without ?? ""));
  });
});
