import { describe, expect, it } from "vitest";
import { rowSizes } from "../../../components/row-sizes";

const MB = 1024 * 1024;

describe("what follows from the largest row", () => {
  it("is as before with the default: messages of 40 MB, Spark's heaps of 512 MB", () => {
    const sizes = rowSizes("16MB");
    expect(sizes.messageBytes).toBe(40 * MB);
    expect(sizes.kafka).toEqual({ heap: 224, container: 512 });
    expect(sizes.sparkClient).toEqual({ heap: 512, container: 2496 });
    expect(sizes.sparkWorker).toEqual({ heap: 512, container: 1536 });
    expect(sizes.postgresql).toBe(448);
  });

  it("holds a change with both rows in every process on its way", () => {
    for (const row of [1, 16, 64]) {
      const sizes = rowSizes(`${row}MB`);
      expect(sizes.messageBytes).toBeGreaterThan(2 * row * MB);
      expect(sizes.valueBytes).toBeLessThan(sizes.messageBytes);
      expect(sizes.producerBytes).toBeGreaterThan(sizes.messageBytes);
      for (const { heap, container } of [
        sizes.kafka,
        sizes.kafkaConnect,
        sizes.sparkClient,
        sizes.sparkWorker,
      ]) {
        expect(heap * MB).toBeGreaterThan(2 * sizes.messageBytes);
        expect(container).toBeGreaterThan(heap + 256);
      }
    }
  });

  it("never gets smaller than a small row needs", () => {
    const { messageBytes, valueBytes, producerBytes, ...memory } = rowSizes("1MB");
    const usual = rowSizes("16MB");
    expect(messageBytes).toBe(3 * MB);
    expect({ ...usual, ...memory }).toEqual(usual);
  });
});
