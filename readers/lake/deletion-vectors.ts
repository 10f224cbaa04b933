/**
 * Deletion vectors: which rows of a data file are no longer part of the table. Pure.
 *
 * Sources of the formats: the Delta protocol, "Deletion Vector Format", and the Roaring bitmaps' specification.
 * Read here rather than by a package: those for Node.js that are kept up either lack 64-bit bitmaps (roaring-wasm) or are
 * compiled for each machine (roaring), and reading, without writing, is three kinds of container.
 */
import { crc32 } from "node:zlib";

/** As the table's log names it. */
export interface VectorDescriptor {
  /** `u` in a file of the table, `i` inline, `p` in a file elsewhere. */
  readonly storageType: string;
  readonly pathOrInlineDv: string;
  readonly offset?: number | string | null;
  readonly sizeInBytes: number | string;
  readonly cardinality: number | string;
}

export interface StoredVector {
  /** Path in the table's folder. */
  readonly path: string;
  /** Bytes. */
  readonly offset: number;
  readonly length: number;
}

/** The vector, or the way it is stored, is not what the log says. */
export class DamagedVector extends Error {}

const MAGIC = 1681511377;
const Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
const UUID_LETTERS = 20;
/** Length before and checksum after a vector in a file. */
const FRAME_BYTES = 8;

/** @returns undefined when the vector is inline */
export function storedVector(vector: VectorDescriptor): StoredVector | undefined {
  const text = vector.pathOrInlineDv;
  if (vector.storageType === "i") return undefined;
  if (vector.storageType !== "u") {
    throw new DamagedVector(
      `a deletion vector of kind '${vector.storageType}', outside of the table, is not read`,
    );
  }
  const prefix = text.slice(0, -UUID_LETTERS);
  const hex = z85Decoded(text.slice(-UUID_LETTERS)).toString("hex");
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return {
    path: `${prefix ? `${prefix}/` : ""}deletion_vector_${uuid}.bin`,
    offset: Number(vector.offset ?? 0),
    length: Number(vector.sizeInBytes) + FRAME_BYTES,
  };
}

/**
 * The rows that are deleted, in order.
 *
 * @param stored what is at `storedVector`; undefined when it is inline
 */
export function deletedRows(vector: VectorDescriptor, stored: Buffer | undefined): number[] {
  const size = Number(vector.sizeInBytes);
  const data = stored ? unframed(vector, stored) : z85Decoded(vector.pathOrInlineDv).subarray(0, size);
  try {
    if (data.readInt32LE(0) !== MAGIC) throw new DamagedVector("its format is unknown");
    const rows = bitmap64(data.subarray(4));
    if (rows.length !== Number(vector.cardinality)) {
      throw new DamagedVector(`it has ${rows.length} rows and not ${vector.cardinality}`);
    }
    return rows;
  } catch (error) {
    throw new DamagedVector(
      `deletion vector ${vector.pathOrInlineDv} is damaged: ${(error as Error).message}`,
    );
  }
}

function unframed(vector: VectorDescriptor, stored: Buffer): Buffer {
  const size = Number(vector.sizeInBytes);
  const whole = stored.length === size + FRAME_BYTES && stored.readInt32BE(0) === size;
  const data = stored.subarray(4, 4 + size);
  if (!whole || stored.readUInt32BE(4 + size) !== crc32(data)) {
    throw new DamagedVector(`deletion vector ${vector.pathOrInlineDv} is damaged: its checksum differs`);
  }
  return data;
}

/** A count of 64 bits, then for each a key, which is the higher 32 bits, and a bitmap of the lower ones. */
function bitmap64(data: Buffer): number[] {
  const rows: number[] = [];
  let place = 8;
  for (let left = data.readBigUInt64LE(0); left > 0n; left--) {
    const high = data.readUInt32LE(place) * 2 ** 32;
    place = bitmap32(data, place + 4, (low) => rows.push(high + low));
  }
  return rows;
}

const COOKIE = 12347;
const COOKIE_WITHOUT_RUNS = 12346;
const CONTAINERS_WITH_OFFSETS = 4;
const LARGEST_ARRAY = 4096;
const BITSET_BYTES = 8192;

/** @returns the place after it */
function bitmap32(data: Buffer, start: number, found: (row: number) => void): number {
  const cookie = data.readUInt32LE(start);
  const hasRuns = (cookie & 0xffff) === COOKIE;
  if (!hasRuns && cookie !== COOKIE_WITHOUT_RUNS) throw new DamagedVector(`its cookie is ${cookie}`);
  const count = hasRuns ? (cookie >>> 16) + 1 : data.readUInt32LE(start + 4);
  const runFlags = start + 4;
  const header = hasRuns ? runFlags + Math.ceil(count / 8) : start + 8;
  const offsetBytes = !hasRuns || count >= CONTAINERS_WITH_OFFSETS ? 4 * count : 0;
  let place = header + 4 * count + offsetBytes;
  for (let index = 0; index < count; index++) {
    const high = data.readUInt16LE(header + 4 * index) * 2 ** 16;
    const cardinality = data.readUInt16LE(header + 4 * index + 2) + 1;
    const isRun = hasRuns && (data.readUInt8(runFlags + (index >> 3)) & (1 << (index & 7))) !== 0;
    if (isRun) {
      const runs = data.readUInt16LE(place);
      for (let run = 0; run < runs; run++) {
        const first = data.readUInt16LE(place + 2 + 4 * run);
        const more = data.readUInt16LE(place + 4 + 4 * run);
        for (let row = first; row <= first + more; row++) found(high + row);
      }
      place += 2 + 4 * runs;
    } else if (cardinality <= LARGEST_ARRAY) {
      for (let item = 0; item < cardinality; item++) found(high + data.readUInt16LE(place + 2 * item));
      place += 2 * cardinality;
    } else {
      for (let byte = 0; byte < BITSET_BYTES; byte++) {
        const bits = data.readUInt8(place + byte);
        for (let bit = 0; bit < 8; bit++) if (bits & (1 << bit)) found(high + byte * 8 + bit);
      }
      place += BITSET_BYTES;
    }
  }
  return place;
}

function z85Decoded(text: string): Buffer {
  const data = Buffer.alloc((text.length / 5) * 4);
  for (let index = 0; index < text.length; index += 5) {
    let value = 0;
    for (const letter of text.slice(index, index + 5)) value = value * 85 + Z85.indexOf(letter);
    data.writeUInt32BE(value, (index / 5) * 4);
  }
  return data;
}
