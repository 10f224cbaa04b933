/** What the configuration says of one pipeline, and the connector that it names. */
import type { ConnectorArgs } from "./connector";
import { type ConnectorFile, readConnectorFile } from "./connector-file";
import type { DebeziumConnectorArgs } from "./debezium-connector";
import type { StreamingJobArgs } from "./streaming-job";
import type { TopicConfig } from "./topic-config";

/** What can be chosen of the job. */
export type JobSettings = Pick<
  StreamingJobArgs,
  | "triggerInterval"
  | "flattenedTables"
  | "deletedRows"
  | "onSchemaChange"
  | "valuesOutOfRange"
  | "lakeRetention"
  | "tableKeys"
>;

export interface PipelineSettings extends JobSettings {
  /** Path of the connector's file. */
  connectorConfig: string;
  /** Properties that replace those of the file. */
  connectorOverrides: Record<string, string | number | boolean>;
  connectorState: ConnectorArgs["desiredState"];
  connectorOffsets?: DebeziumConnectorArgs["offsets"];
  gaps: DebeziumConnectorArgs["gaps"];
  /** Path of an SQL file; undefined: the tables are made elsewhere. */
  sourceSchema?: string | undefined;
  topicConfig: TopicConfig;
}

/** A pipeline as it is declared. */
export interface DeclaredPipeline {
  /** Undefined: the stack's own. */
  readonly name: string | undefined;
  readonly settings: PipelineSettings;
  readonly file: ConnectorFile;
}

/**
 * The stack's own pipeline, and then the others by their names.
 *
 * @param own settings of the stack's own
 * @param others settings by name
 * @param isOwnWorker whether the stack's own Kafka Connect runs them
 * @throws pulumi.RunError when a connector's file will not do
 */
export function readPipelines(
  own: PipelineSettings,
  others: Readonly<Record<string, PipelineSettings>>,
  isOwnWorker: boolean,
): [DeclaredPipeline, ...DeclaredPipeline[]] {
  const read = (name: string | undefined, settings: PipelineSettings): DeclaredPipeline => ({
    name,
    settings,
    file: readConnectorFile(settings.connectorConfig, settings.connectorOverrides, isOwnWorker, name),
  });
  const names = Object.keys(others).sort();
  return [read(undefined, own), ...names.map((name) => read(name, others[name] as PipelineSettings))];
}
