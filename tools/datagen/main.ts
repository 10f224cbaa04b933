/** Runs what the command line asked for. */
import { applyChanges } from "./changes/apply";
import { connect } from "./connection";
import { watchForInterruption } from "./interruption";
import { load } from "./load/load";
import type { DatagenRequest } from "./request";
import { parseTableName } from "./table-name";

/** Ends with exit code 130 when Ctrl-C stopped it. Throws a UserError for whatever the user can solve. */
export async function run(request: DatagenRequest): Promise<void> {
  const table = parseTableName(request.table);
  const client = await connect(request.connection);
  const interruption = watchForInterruption();
  try {
    let interrupted = false;
    if (request.load) {
      ({ interrupted } = await load(client, table, { ...request, load: request.load }, interruption.signal));
    }
    if (request.changes && !interrupted) {
      ({ interrupted } = await applyChanges(
        client,
        table,
        { ...request, changes: request.changes },
        interruption.signal,
      ));
    }
    if (interrupted) process.exitCode = 130;
  } finally {
    interruption.dispose();
    await client.end().catch(() => {});
  }
}
