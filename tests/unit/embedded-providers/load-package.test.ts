import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../embedded/provider";
import { loadPackage } from "../../../embedded/providers";

describe("the packages of the embedded engine", () => {
  test.each([
    ["docker", "docker:index/network:Network"],
    ["docker", "docker:index/volume:Volume"],
    ["docker", "docker:index/remoteImage:RemoteImage"],
    ["docker", "docker:index/image:Image"],
    ["docker", "docker:index/container:Container"],
    ["command", "command:local:Command"],
    ["minio", "minio:index/s3Bucket:S3Bucket"],
    ["minio", "minio:index/iamUser:IamUser"],
    ["minio", "minio:index/iamPolicy:IamPolicy"],
    ["minio", "minio:index/iamUserPolicyAttachment:IamUserPolicyAttachment"],
  ])("%s carries %s", async (pkg, type) => {
    const carried = await loadPackage(pkg, {});
    expect(carried?.resource(type)).toBeDefined();
  });

  test("do not carry what the platform does not use", async () => {
    const docker = await loadPackage("docker", {});
    expect(docker?.resource("docker:index/service:Service")).toBeUndefined();
    expect(await loadPackage("aws", {})).toBeUndefined();
  });

  test("can be loaded in a preview, with configuration that is not known yet", async () => {
    const minio = await loadPackage("minio", { minioServer: "localhost:9000", minioPassword: UNKNOWN });
    const bucket = minio?.resource("minio:index/s3Bucket:S3Bucket");
    const request = {
      urn: "urn:pulumi:dev::p::minio:index/s3Bucket:S3Bucket::lake",
      newInputs: { bucket: "lake" },
    };
    await expect(bucket?.check?.(request)).resolves.toMatchObject({ failures: [] });
  });
});
