import * as pulumi from "@pulumi/pulumi";
import type { LakeEndpoint } from "./endpoints";
import { Folder } from "./lake-folder";

/** Folder of the stack's lake in which each pipeline's lake is a folder. */
export const PIPELINES_FOLDER = "pipelines";

export interface PipelineLakeArgs {
  /** The stack's. */
  lake: LakeEndpoint;
  stack: string;
  pipeline: string;
}

/** The lake of one pipeline: a folder of the stack's lake that goes, with everything in it, when the pipeline does. */
export class PipelineLake extends pulumi.ComponentResource {
  readonly endpoint: LakeEndpoint;

  constructor(name: string, args: PipelineLakeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:PipelineLake", name, {}, opts);
    const { lake, stack, pipeline } = args;
    const lakeUrl = `${lake.lakeUrl}/${PIPELINES_FOLDER}/${pipeline}`;
    const resource = new Folder(
      `${name}-folder`,
      {
        ...{ url: lake.outside, region: lake.region, pathStyle: lake.pathStyle, bucket: lake.bucket },
        ...{ accessKey: lake.accessKey, secretKey: lake.secretKey },
        // Without the bucket: `s3a://bucket[/folder]`.
        folder: lakeUrl.split("/").slice(3).join("/"),
        owner: `${stack}/${pipeline}`,
      },
      { parent: this, dependsOn: lake.madeBy, deletedWith: lake.goesWith },
    );
    this.endpoint = { ...lake, lakeUrl, identity: resource.id, madeBy: [...lake.madeBy, this] };
    this.registerOutputs({ lakeUrl });
  }
}
