import * as pulumi from "@pulumi/pulumi";
import { ModuleProvider } from "../providers/dynamic";
import type { LakeEndpoint } from "./endpoints";
import type { ObjectStoreConfig } from "./existing-servers";

export interface LakeFolderArgs {
  store: ObjectStoreConfig;
  /** Name of a bucket that is there. */
  bucket: string;
  stack: string;
  secretKey: pulumi.Output<string>;
}

/** A folder of a bucket (providers/lake-folder). */
export class Folder extends pulumi.dynamic.Resource {
  constructor(name: string, props: Record<string, unknown>, opts: pulumi.CustomResourceOptions) {
    super(
      new ModuleProvider("lake-folder"),
      name,
      props,
      { ...opts, deleteBeforeReplace: true, additionalSecretOutputs: ["secretKey"] },
      "s3",
      "LakeFolder",
    );
  }
}

/** The lake in an object store that is there already: one folder of one bucket, everything else in which is left alone. */
export class LakeFolder extends pulumi.ComponentResource {
  readonly endpoint: LakeEndpoint;

  constructor(name: string, args: LakeFolderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:LakeFolder", name, {}, opts);
    const { bucket, secretKey, stack } = args;
    const { endpoint: inside, region, pathStyle, accessKey } = args.store;
    const outside = args.store.fromHere ?? inside;
    const folder = args.store.folder ?? `cdc-${stack}`;
    const resource = new Folder(
      `${name}-folder`,
      { url: outside, region, pathStyle, bucket, folder, accessKey, secretKey, owner: stack },
      { parent: this },
    );
    this.endpoint = {
      inside,
      outside,
      region,
      pathStyle,
      // Known once the folder may be used, so that whoever has them can.
      bucket: resource.id.apply(() => bucket),
      accessKey: resource.id.apply(() => accessKey),
      secretKey,
      lakeUrl: `s3a://${bucket}/${folder}`,
      identity: resource.id,
      madeBy: [this],
      goesWith: resource,
    };
    this.registerOutputs({ lakeUrl: this.endpoint.lakeUrl });
  }
}
