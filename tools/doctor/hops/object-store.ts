import type { Hop } from "../hop";

export const objectStore: Hop = {
  name: "Object store",
  services: ["minio"],
  async follow({ bucket, platform }) {
    await bucket.list(`s3a://${platform.bucket}/tables`);
    return `bucket ${platform.bucket} answers to the lake's key`;
  },
};
