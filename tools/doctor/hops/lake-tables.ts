import { UserError } from "../../../stack/console";
import { lakeAlarms } from "../../status/alarms";
import { damagedTables, readTableFiles } from "../../status/table-files";
import type { Hop } from "../hop";

export const lakeTables: Hop = {
  name: "Lake tables",
  services: [],
  async follow({ status, tables, platform }) {
    const [alarm] = lakeAlarms(status.lake);
    if (alarm) throw new UserError(alarm, "The command above; until then the other tables go on.");
    const damaged = damagedTables(await readTableFiles(platform, tables));
    if (damaged) throw new UserError(damaged.text, damaged.fix);
    return `every data file of ${tables.length === 1 ? "one table" : `${tables.length} tables`} is there`;
  },
};
