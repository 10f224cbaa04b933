/** Before an `up`: is the machine that runs Docker big enough? */
import * as fs from "node:fs";
import Dockerode from "dockerode";
import { UserError } from "../../stack/console";

/** All containers together stay below 3 GB under load; image builds and the page cache need the rest. */
const MEMORY_GB = 6;
/** Images take 4 GB, their builds as much again for a while. */
const DISK_GB = 10;

const GB = 1024 ** 3;

/**
 * @throws UserError when memory, or disk for the images, is too small
 */
export async function checkMachine(): Promise<void> {
  const info = await new Dockerode().info();
  const memory = info.MemTotal / GB;
  if (memory < MEMORY_GB) {
    throw new UserError(
      `Docker has ${memory.toFixed(1)} GB of memory; the platform needs ${MEMORY_GB} GB.`,
      "Give Docker more memory (Docker Desktop: Settings → Resources), or use a bigger machine.",
    );
  }
  if (!fs.existsSync(info.DockerRootDir)) return;
  const { bavail, bsize } = fs.statfsSync(info.DockerRootDir);
  const disk = (bavail * bsize) / GB;
  if (disk < DISK_GB) {
    throw new UserError(
      `${info.DockerRootDir} has ${disk.toFixed(1)} GB left; the images and their builds need ${DISK_GB} GB.`,
      "Free space there (`docker system df` shows what Docker itself holds).",
    );
  }
}
