import type * as docker from "@pulumi/docker";
import * as minio from "@pulumi/minio";
import * as pulumi from "@pulumi/pulumi";
import { dataVolume } from "./data-volume";
import { PORTS } from "./platform";
import { type ServiceArgs, serviceContainer } from "./service-container";

export interface MinioArgs extends ServiceArgs {
  rootUser: string;
  rootPassword: pulumi.Input<string>;
}

/** The object store, and the provider through which buckets and users are declared in it. */
export class Minio extends pulumi.ComponentResource {
  readonly container: docker.Container;
  /** S3 endpoint for clients inside the network. */
  readonly inside = `http://minio:${PORTS.minio}`;
  /** S3 endpoint as seen from this machine. */
  readonly url: string;
  readonly consoleUrl: string;
  readonly provider: minio.Provider;
  /** How this machine reaches the server, as its administrator. */
  readonly server: { url: string; adminUser: string; adminPassword: pulumi.Output<string> };
  /** The volume with everything that is in the store. */
  readonly data: docker.Volume;

  constructor(name: string, args: MinioArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:Minio", name, {}, opts);
    const { platform } = args;
    this.data = dataVolume(`${name}-data`, platform, "minio", { parent: this });
    this.container = serviceContainer(
      `${name}-container`,
      {
        platform,
        network: args.network,
        image: args.image,
        service: "minio",
        memory: 768,
        envs: [
          `MINIO_ROOT_USER=${args.rootUser}`,
          "MINIO_ROOT_PASSWORD_FILE=/etc/minio/root-password",
          "MINIO_BROWSER_REDIRECT=false",
          // Go's collector works harder before the heap reaches the container's limit, instead of growing into it.
          "MINIO_MEMLIMIT=256MiB",
          // What the scanner does (usage figures, expiry, healing) is not needed here, and it reads all objects again and again.
          "MINIO_SCANNER_SPEED=slowest",
        ],
        ports: [platform.publish(PORTS.minio), platform.publish(PORTS.minioConsole)],
        uploads: [{ file: "/etc/minio/root-password", content: args.rootPassword }],
        data: { volume: this.data.name, path: "/var/lib/minio" },
      },
      { parent: this },
    );
    this.url = `http://${platform.hostAddress(PORTS.minio)}`;
    this.consoleUrl = `http://${platform.hostAddress(PORTS.minioConsole)}`;
    this.server = {
      url: this.url,
      adminUser: args.rootUser,
      adminPassword: pulumi.secret(args.rootPassword),
    };
    this.provider = new minio.Provider(
      `${name}-provider`,
      {
        // Not an output of the container: a preview of a fresh stack needs it too.
        minioServer: platform.hostAddress(PORTS.minio),
        minioUser: args.rootUser,
        minioPassword: args.rootPassword,
        minioSsl: false,
      },
      { parent: this, dependsOn: this.container },
    );
    this.registerOutputs({ url: this.url, consoleUrl: this.consoleUrl });
  }
}
