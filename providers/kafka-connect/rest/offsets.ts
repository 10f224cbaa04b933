import type { Pacing } from "../pacing";
import type { ConnectApi, ConnectorConfig, ConnectorOffset } from "./api";
import { prepareStopped } from "./running";

/**
 * Moves the connector to another position, once for each value of the trigger, which can be any text: a date, say.
 * `reset` forgets the position, so that the connector begins at the beginning (Debezium: with a snapshot, if
 * `snapshot.mode` asks for one). `set` goes on from the positions given, in the form of `GET /connectors/{name}/offsets`;
 * an `offset` of null forgets that one.
 */
export type OffsetsRequest =
  | { readonly reset: string }
  | { readonly set: readonly ConnectorOffset[]; readonly trigger: string };

/** Whether what is wanted has not been done yet. Taking a request back asks for nothing. */
export function isNewRequest(
  done: OffsetsRequest | undefined,
  wanted: OffsetsRequest | undefined,
): wanted is OffsetsRequest {
  return wanted !== undefined && triggerOf(wanted) !== (done && triggerOf(done));
}

/** What a person reads in a preview. */
export function describeRequest(name: string, request: OffsetsRequest): string {
  return "reset" in request
    ? `connector ${name} will be stopped and its offsets forgotten: it begins at the beginning, and what it has delivered may come again`
    : `connector ${name} will be stopped and go on from other offsets (${request.set.length} set): what lies between may come again, or never`;
}

/**
 * Leaves the connector stopped, at the position asked for; it is made if need be. One that is new takes a position only
 * if Connect has none for its name: the request may be an old one, done long before the connector had to be made again.
 */
export async function moveOffsets(
  connect: ConnectApi,
  { name, config, isNew }: { name: string; config: ConnectorConfig; isNew: boolean },
  request: OffsetsRequest,
  pacing: Pacing,
): Promise<void> {
  await prepareStopped(connect, name, config, pacing);
  const hasOffsets = (await connect.readOffsets(name)).length > 0;
  if ("set" in request) {
    if (!isNew || !hasOffsets) await connect.writeOffsets(name, request.set);
  } else if (!isNew && hasOffsets) {
    await connect.deleteOffsets(name);
  }
}

function triggerOf(request: OffsetsRequest): string {
  return "reset" in request ? `reset ${request.reset}` : `set ${request.trigger}`;
}
