import { z } from "zod";
import type { InputFailure } from "../check-failures";
import { UNKNOWN } from "../unknown";

/** What the resource is given. */
export interface LakeFolderInputs {
  /** S3 endpoint as this machine reaches it, such as `https://s3.eu-central-1.amazonaws.com`. */
  readonly url: string;
  readonly region: string;
  /** Whether the bucket is part of an address's path, or of its host name. */
  readonly pathStyle: boolean;
  /** Of a bucket that is there. Changing it replaces the folder. */
  readonly bucket: string;
  /** Such as `lakes/shop`. Changing it replaces the folder: the old one goes with everything in it. */
  readonly folder: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Whose the folder is: the stack's name. Nobody else's folder is taken over. */
  readonly owner: string;
}

const filled = (what: string) => z.string({ error: `must be ${what}` }).min(1, { error: `must be ${what}` });

const shape = z.looseObject({
  url: z.url({ protocol: /^https?$/, error: "must be the store's URL, such as http://s3.example:9000" }),
  region: filled("a region, such as us-east-1"),
  pathStyle: z.boolean({ error: "must be true or false" }),
  bucket: filled("a bucket's name"),
  folder: filled("a folder of the bucket, such as lakes/shop"),
  accessKey: filled("an access key"),
  secretKey: filled("the access key's secret"),
  owner: filled("the stack's name"),
});

/** What is wrong with the inputs. Values that are not known yet count as right. */
export function inputFailures(news: Readonly<Record<string, unknown>>): InputFailure[] {
  return (shape.safeParse(news).error?.issues ?? [])
    .map((issue) => ({ property: String(issue.path[0]), reason: issue.message }))
    .filter(({ property }) => news[property] !== UNKNOWN);
}
