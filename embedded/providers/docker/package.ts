import type { Properties, ProviderPackage, ResourceProvider } from "../../provider";
import { connect } from "./connection";
import { containerProvider } from "./container";
import { imageProvider } from "./image";
import { networkProvider } from "./network";
import { remoteImageProvider } from "./remote-image";
import { volumeProvider } from "./volume";

/**
 * The part of `@pulumi/docker` the platform uses.
 *
 * @param config `host` (`unix:///path` or `tcp://host:port`); default `DOCKER_HOST`, then the local socket.
 */
export function dockerPackage(config: Properties): ProviderPackage {
  const docker = connect(config);
  const resources: Record<string, ResourceProvider> = {
    "docker:index/network:Network": networkProvider(docker),
    "docker:index/volume:Volume": volumeProvider(docker),
    "docker:index/remoteImage:RemoteImage": remoteImageProvider(docker),
    "docker:index/image:Image": imageProvider(docker),
    "docker:index/container:Container": containerProvider(docker),
  };
  return { resource: (type) => resources[type] };
}
