import { normaliseConfig } from "./debezium/config";
import type { ConnectorInputs, ConnectorOutputs } from "./inputs";
import type { ConnectorStatus } from "./rest/api";
import { overallState } from "./rest/health";

/** What a connector resource has noted about itself. */
export type Recorded = Pick<ConnectorOutputs, "capturedTables" | "madeSignalTable" | "source" | "drift">;

/** The resource's outputs: its inputs and what Connect says about the connector, if it says anything. */
export function outputsOf(
  inputs: ConnectorInputs,
  status: ConnectorStatus | undefined,
  recorded: Recorded = {},
): ConnectorOutputs {
  return {
    ...inputs,
    // A struct on its way to the engine has no room for undefined.
    ...(recorded.capturedTables ? { capturedTables: recorded.capturedTables } : {}),
    ...(recorded.madeSignalTable === undefined ? {} : { madeSignalTable: recorded.madeSignalTable }),
    ...(recorded.source ? { source: recorded.source } : {}),
    ...(recorded.drift?.length ? { drift: recorded.drift } : {}),
    config: normaliseConfig(inputs.config),
    state: status ? overallState(status) : "UNKNOWN",
    tasks: (status?.tasks ?? []).map(({ id, state, worker_id }) => ({ id, state, workerId: worker_id })),
    type: status?.type ?? "unknown",
  };
}
