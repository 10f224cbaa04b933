import type { ConnectorStatus } from "./api";
import { normaliseConfig } from "./config";
import { overallState } from "./health";
import type { ConnectorInputs, ConnectorOutputs } from "./inputs";

/** The resource's outputs: its inputs and what Connect says about the connector, if it says anything. */
export function outputsOf(inputs: ConnectorInputs, status: ConnectorStatus | undefined): ConnectorOutputs {
  return {
    ...inputs,
    config: normaliseConfig(inputs.config),
    state: status ? overallState(status) : "UNKNOWN",
    tasks: (status?.tasks ?? []).map(({ id, state, worker_id }) => ({ id, state, workerId: worker_id })),
    type: status?.type ?? "unknown",
  };
}
