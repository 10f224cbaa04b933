import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { deletedRows, storedVector, type VectorDescriptor } from "../../../readers/lake/deletion-vectors";

/** Written by the streaming job's own module (spark/cdc/lake/deletion_vectors.py). */
const NAME = "deletion_vector_876388ea-22d4-4671-8388-9aac8e088602.bin";
const FILE = inflateSync(
  Buffer.from(
    "eNrt2r0Jg2AQxvHnjaCQRsEmXSyCtpaazJENXMAyRdrgRHZprENAsocz5NRCEBcQ/j947v04boNzkor+V1ZOi2suedPNafw/WBLLxZJq7AVT79W9P9ZJtubnd5hFVu8AAADYHQEAAAAAAAAAsFK335Md5/WewG3eE3jGTkerzWPw/6yOT6E=",
    "base64",
  ),
);

function vector(offset: number, sizeInBytes: number, cardinality: number): VectorDescriptor {
  return { storageType: "u", pathOrInlineDv: "HHVe9bgG84Gnt$$JTgvv", offset, sizeInBytes, cardinality };
}

function rowsOf(one: VectorDescriptor): number[] {
  const place = storedVector(one);
  if (!place) throw new Error("it is inline");
  return deletedRows(one, FILE.subarray(place.offset, place.offset + place.length));
}

describe("a deletion vector", () => {
  it("lies in a file of the table that its descriptor names", () => {
    expect(storedVector(vector(65, 8224, 1))).toEqual({ path: NAME, offset: 65, length: 8232 });
    const prefixed = { ...vector(0, 1, 1), pathOrInlineDv: "abHHVe9bgG84Gnt$$JTgvv" };
    expect(storedVector(prefixed)?.path).toBe(`ab/${NAME}`);
    expect(() => storedVector({ ...vector(0, 1, 1), storageType: "p" })).toThrow("outside of the table");
  });

  it("is read whatever kinds of container it has: array, bitset, runs", () => {
    expect(rowsOf(vector(1, 56, 4))).toEqual([3, 7, 65_536, 131_073]);
    expect(rowsOf(vector(65, 8224, 10_000))).toEqual(Array.from({ length: 10_000 }, (_, index) => 2 * index));
    expect(rowsOf(vector(8297, 31, 4990))).toEqual(Array.from({ length: 4990 }, (_, index) => 10 + index));
  });

  it("is read from the log itself", () => {
    const inline = {
      storageType: "i",
      pathOrInlineDv: "^Bg9^0rr910000000000iXQKl0rr91000625c8Xg0rro62(<@9",
      sizeInBytes: 38,
      cardinality: 3,
    };
    expect(storedVector(inline)).toBeUndefined();
    expect(deletedRows(inline, undefined)).toEqual([1, 5, 9]);
  });

  it("is refused when it is not what was written", () => {
    const one = vector(1, 56, 4);
    const stored = Buffer.from(FILE.subarray(1, 65));
    expect(() => deletedRows({ ...one, cardinality: 5 }, stored)).toThrow("4 rows and not 5");
    stored.writeUInt8(99, 50);
    expect(() => deletedRows(one, stored)).toThrow("its checksum differs");
    expect(() => deletedRows(one, stored.subarray(0, 20))).toThrow("its checksum differs");
  });
});
