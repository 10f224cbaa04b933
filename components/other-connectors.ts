import * as pulumi from "@pulumi/pulumi";
import { Connector } from "./connector";
import { readConnector } from "./connector-file";
import type { KafkaConnectEndpoint, KafkaEndpoint } from "./endpoints";

/** A connector of any class, as one would POST it. */
export interface ConnectorDeclaration {
  /** Path of its file. */
  readonly file: string;
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
}

export interface OtherConnectorsArgs {
  kafkaConnect: KafkaConnectEndpoint;
  kafka: KafkaEndpoint;
  connectors: readonly ConnectorDeclaration[];
  /** What they may read or write is there before them. */
  topics: readonly pulumi.Resource[];
}

/** Connectors beside the pipelines: sinks, and sources of other classes. Each in the state wanted with all its tasks, or the update fails. */
export class OtherConnectors extends pulumi.ComponentResource {
  constructor(name: string, args: OtherConnectorsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:OtherConnectors", name, {}, opts);
    const { kafkaConnect, kafka, topics } = args;
    for (const connector of args.connectors) {
      new Connector(
        `${name}-${connector.name}`,
        {
          connectUrl: kafkaConnect.identity.apply(() => kafkaConnect.url),
          kafkaMetadata: kafka.cluster,
          name: connector.name,
          config: { ...connector.config },
          deletedAlong: kafkaConnect.madeBy.length > 0 ? ["connect"] : [],
        },
        { parent: this, dependsOn: [...kafkaConnect.madeBy, ...topics] },
      );
    }
    this.registerOutputs({});
  }
}

/**
 * Reads the files of `cdc:connectors`.
 *
 * @param taken names of the pipelines' connectors, each with its file
 * @throws pulumi.RunError when a file is missing or of another shape, or a name is taken
 */
export function readOtherConnectors(
  files: readonly string[],
  taken: ReadonlyMap<string, string>,
): ConnectorDeclaration[] {
  const seen = new Map(taken);
  return files.map((file) => {
    const { name, config } = readConnector(file, "cdc:connectors");
    const other = seen.get(name);
    if (other !== undefined) {
      throw new pulumi.RunError(
        `${other} and ${file} (cdc:connectors) have the same connector name, ${name}: each needs its own. Change "name" in one of them.`,
      );
    }
    seen.set(name, file);
    return { file, name, config };
  });
}
