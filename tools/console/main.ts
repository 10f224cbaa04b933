/** The service: looks at the stack, and shows what it saw. */
import * as fs from "node:fs";
import * as path from "node:path";
import { redactor } from "../../providers/kafka-connect/text/redaction";
import { placeOf } from "../../providers/postgresql/url";
import { detailsOf } from "./details";
import { Looks } from "./look";
import { serve } from "./server";
import { type Settings, settingsShape } from "./settings";
import { Watch } from "./watch";

const SETTINGS = "/etc/console/settings.json";
const TYPES: Record<string, string> = {
  "page.js": "text/javascript; charset=utf-8",
  "page.css": "text/css; charset=utf-8",
};
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#2a78d6"/><path d="M4 8h8M9 5l3 3-3 3" fill="none" stroke="#fff" stroke-width="2"/></svg>';

/** Blanks what opens anything, should it ever be in an answer. */
function blanker({ postgresqlUrl, kafkaSecurity, lakeSecretKey, token }: Settings): (text: string) => string {
  const { user, password } = placeOf(postgresqlUrl);
  const secrets = { password, kafkaPassword: kafkaSecurity?.signIn?.password, lakeSecretKey, token };
  // As they are in JSON, too.
  const inJson = Object.entries(secrets).map(([name, secret]) => [
    `${name}InJson`,
    JSON.stringify(secret ?? "").slice(1, -1),
  ]);
  return redactor({ database: { user, ...secrets, ...Object.fromEntries(inJson) } });
}

function main(): void {
  const settings = settingsShape.parse(JSON.parse(fs.readFileSync(SETTINGS, "utf8")));
  const files = Object.entries(TYPES).map(
    ([name, type]) =>
      [`/${name}`, { type, text: fs.readFileSync(path.join(__dirname, name), "utf8") }] as const,
  );
  const looks = new Looks(settings);
  const watch = new Watch(() => looks.look());
  const details = "/nodes/";
  const server = serve(settings.port, {
    ...{ stack: settings.stack, token: settings.token, blanked: blanker(settings) },
    files: new Map([...files, ["/icon.svg", { type: "image/svg+xml", text: ICON }] as const]),
    answer: async (asked) => {
      if (asked === "/view") return watch.watched();
      return asked.startsWith(details) ? detailsOf(asked.slice(details.length), settings) : undefined;
    },
  });
  const end = () => {
    server.close();
    process.exit(0);
  };
  process.once("SIGTERM", end).once("SIGINT", end);
  void watch.run();
}

main();
