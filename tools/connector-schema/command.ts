/** The command line that writes the schema of Debezium's PostgreSQL connector, asked of a running worker. */
import { Command } from "commander";
import { run } from "./main";

/** `npm run connector-schema -- …`, to be added to the program that runs the npm scripts. */
export function connectorSchemaCommand(): Command {
  return new Command("connector-schema")
    .description(
      "ask a running Kafka Connect for the keys of Debezium's PostgreSQL connector, and write them down for checks made " +
        "before there is a Connect, and for the typed config; run it after changing Debezium's version",
    )
    .option("--url <url>", "Kafka Connect's REST interface", "http://localhost:8083")
    .action(({ url }: { url: string }) => run(url));
}
