import { UserError } from "../../../cli/console";
import { mapConcurrently } from "../../../providers/concurrently";
import { lakeAlarms } from "../../status/alarms";
import { DeltaLog } from "../../verify/lake/delta-table";
import { Workspace } from "../../verify/workspace";
import type { Hop } from "../hop";

const TABLES_AT_ONCE = 8;

export const lakeTables: Hop = {
  name: "Lake tables",
  services: [],
  async follow({ status, tables, bucket }) {
    const [alarm] = lakeAlarms(status.lake);
    if (alarm) throw new UserError(alarm, "The command above; until then the other tables go on.");
    const workspace = await Workspace.open();
    try {
      const lane = await workspace.lane();
      const found = await mapConcurrently(tables, TABLES_AT_ONCE, async ({ name, stateUrl, logUrl }) => {
        const damages = await Promise.all(
          [stateUrl, logUrl].map((url) => new DeltaLog(bucket, lane, url, name).damage()),
        );
        return damages.flatMap((damage) => (damage ? [{ name, damage }] : []));
      });
      const [first, ...more] = found.flat();
      if (first) {
        const names = [...new Set([first, ...more].map(({ name }) => name))];
        throw new UserError(
          `${first.name}: ${first.damage}${more.length > 0 ? `, and ${more.length} more like it` : ""}`,
          `Make it anew from the source: \`npm run resnapshot -- ${names.slice(0, 20).join(" ")}\`.`,
        );
      }
    } finally {
      await workspace.close();
    }
    return `every data file of ${tables.length === 1 ? "one table" : `${tables.length} tables`} is there. Whether the rows are the source's says \`npm run verify\``;
  },
};
