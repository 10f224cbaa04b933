/** Secrets that nobody has to choose: made from one that the stack has anyway, and rotated with it. */
import { hkdfSync } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * @param key the stack's secret that it is made from
 * @param purpose another text for each secret
 * @returns 64 hexadecimal digits
 */
export function derivedSecret(
  key: pulumi.Input<string>,
  stack: string,
  purpose: string,
): pulumi.Output<string> {
  return pulumi
    .secret(key)
    .apply((text) => Buffer.from(hkdfSync("sha256", text, stack, purpose, 32)).toString("hex"));
}
