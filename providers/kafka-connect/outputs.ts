import type { ConnectorStatus } from "./api";
import { normaliseConfig } from "./config";
import { overallState } from "./health";
import type { ConnectorInputs, ConnectorOutputs } from "./inputs";

/** The resource's outputs: its inputs and what Connect says about the connector, if it says anything. */
export function outputsOf(
  inputs: ConnectorInputs,
  status: ConnectorStatus | undefined,
  recorded: Pick<ConnectorOutputs, "capturedTables" | "madeSignalTable"> = {},
): ConnectorOutputs {
  return {
    ...inputs,
    // A struct on its way to the engine has no room for undefined.
    ...(recorded.capturedTables ? { capturedTables: recorded.capturedTables } : {}),
    ...(recorded.madeSignalTable === undefined ? {} : { madeSignalTable: recorded.madeSignalTable }),
    config: normaliseConfig(inputs.config),
    state: status ? overallState(status) : "UNKNOWN",
    tasks: (status?.tasks ?? []).map(({ id, state, worker_id }) => ({ id, state, workerId: worker_id })),
    type: status?.type ?? "unknown",
  };
}
