import type { LoadPackage } from "../provider";
import { commandPackage } from "./command/package";
import { dockerPackage } from "./docker/package";
import { minioPackage } from "./minio/package";

/** The packages the embedded engine carries: exactly the resource types the platform's program uses. */
export const loadPackage: LoadPackage = async (pkg, config) => {
  switch (pkg) {
    case "docker":
      return dockerPackage(config);
    case "command":
      return commandPackage();
    case "minio":
      return minioPackage(config);
    default:
      return undefined;
  }
};
