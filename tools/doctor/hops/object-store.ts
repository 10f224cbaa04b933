import { UserError } from "../../../stack/console";
import { wrongClock } from "../../status/clocks";
import type { Hop } from "../hop";

export const objectStore: Hop = {
  name: "Object store",
  services: ["minio"],
  async follow({ bucket, platform, status }) {
    const clock = status.clocks.find(({ service }) => service === "minio");
    const wrong = clock && wrongClock(clock);
    if (wrong) throw new UserError(wrong.text, wrong.fix);
    await bucket.list(`${platform.lakeRoot}/tables`);
    return `bucket ${platform.bucket} answers to the lake's key`;
  },
};
