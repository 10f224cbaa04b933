import { UserError } from "../../../stack/console";
import { gapsOf } from "../../status/alarms";
import { Blemish, type Hop } from "../hop";

export const replication: Hop = {
  name: "Replication slot and publication",
  services: [],
  async follow({ status: { position } }) {
    if (!position) return "not looked at: Kafka Connect, which knows the slot's name, did not answer";
    const lost = position.gaps.find(({ cure }) => cure === "start over");
    if (lost) {
      throw new UserError(
        lost.text,
        "`npm run up`, with cdc:gaps: resnapshot, begins with a new slot and a new snapshot.",
      );
    }
    const [gap, ...more] = gapsOf(position);
    if (gap) {
      const others = more.length > 0 ? `; and ${more.length} more like it (\`npm run status\`)` : "";
      throw new Blemish(`${gap.text}${others}`, gap.fix);
    }
    const { slot } = position;
    if (!slot) return "the connector has none";
    if (slot.walStatus === "unreserved") {
      throw new UserError(
        `PostgreSQL is about to give up slot ${slot.name}: it holds back ${slot.retainedBytes} bytes`,
        "Let the connector catch up, or raise cdc:maxSlotWalKeepSize and `npm run up`.",
      );
    }
    return `slot ${slot.name} is ${slot.isRead ? "read by the connector" : "read by nobody"}, ${slot.lagBytes ?? 0} bytes behind`;
  },
};
