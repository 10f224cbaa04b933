import { describe, expect, it } from "vitest";
import type { View } from "../../../tools/console/view";
import { Watch } from "../../../tools/console/watch";

const PACE = { watched: 5_000, alone: 60_000, patience: 20_000 };

function watching() {
  const clock = { now: 1_000_000, looks: 0 };
  const watch = new Watch(
    async () => {
      clock.looks += 1;
      return { at: String(clock.now) } as View;
    },
    PACE,
    () => clock.now,
  );
  return { clock, watch };
}

describe("looking", () => {
  it("is often while somebody watches, and seldom otherwise", async () => {
    const { clock, watch } = watching();
    expect(watch.isDue()).toBe(true);
    await watch.watched();
    clock.now += 4_999;
    expect(watch.isDue()).toBe(false);
    clock.now += 1;
    expect(watch.isDue()).toBe(true);
    clock.now += 15_000;
    await watch.watched();
    clock.now += 20_000;
    expect(watch.isDue(), "nobody watches any more").toBe(false);
    clock.now += 40_000;
    expect(watch.isDue()).toBe(true);
  });

  it("is done once for all who ask at the same time, and for those who ask soon after", async () => {
    const { clock, watch } = watching();
    await Promise.all([watch.watched(), watch.watched()]);
    clock.now += 3_000;
    await watch.watched();
    expect(clock.looks).toBe(1);
  });

  it("shows whoever comes after a while the present, not a minute ago", async () => {
    const { clock, watch } = watching();
    await watch.watched();
    clock.now += 30_000;
    expect((await watch.watched()).at).toBe(String(clock.now));
  });
});
