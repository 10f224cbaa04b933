import { describe, expect, it } from "vitest";
import { diskAlarms, disksIn, isFull } from "../../../tools/status/disks";
import type { ServiceStatus } from "../../../tools/status/services";

const minio: ServiceStatus = {
  ...{ service: "minio", container: "blue-minio", state: "running", health: "healthy", restarts: 0 },
  ...{ memory: null, published: [], disks: [{ path: "/var/lib/minio", size: 400e6, free: 0 }] },
};

describe("a disk", () => {
  it("is read from what df prints, whatever its path", () => {
    const text =
      "Mounted on       1B-blocks      Avail\r\n/var/lib/minio   419430400          0\r\n/a b  10 5\r\n";
    expect(disksIn(text)).toEqual([
      { path: "/var/lib/minio", size: 419_430_400, free: 0 },
      { path: "/a b", size: 10, free: 5 },
    ]);
    expect(disksIn("df: /nowhere: No such file or directory")).toEqual([]);
  });

  it.each([
    [400e6, 19e6, true],
    [400e6, 21e6, false],
    [10e12, 2e9, false],
    [10e12, 0.9e9, true],
  ])("of %d bytes with %d left is full: %s", (size, free, full) => {
    expect(isFull({ path: "/", size, free })).toBe(full);
  });

  it("that is full is an alarm, with where it is and what shows it", () => {
    expect(diskAlarms([{ ...minio, disks: [] }])).toEqual([]);
    expect(diskAlarms([minio])[0]).toMatch(
      /^the disk of minio is full: 0 MB of 400 MB are left at \/var\/lib\/minio.*`docker exec blue-minio df -h \/var\/lib\/minio`/,
    );
  });
});
