import { readFileSync } from "node:fs";
import { provider } from "../providers/kafka-connect/provider";
const seed = JSON.parse(readFileSync("connector-configs/debezium-postgres-connector.json", "utf8"));
const overrides = JSON.parse(process.argv[3] ?? "{}");
const extra = JSON.parse(process.argv[4] ?? "{}");
const inputs = { connectUrl: "http://localhost:48083", name: seed.name, config: { ...seed.config, ...overrides },
  database: { host: "localhost", port: 45432, user: "postgres", password: "s3cret-pw", database: "postgres" }, dropOnDelete: true, timeoutSeconds: 60, ...extra };
for (const k of Object.keys(inputs.config)) if (inputs.config[k] === null) delete inputs.config[k];
(async () => {
  const t = Date.now();
  try {
    const { inputs: news, failures } = await provider.check({}, inputs) as any;
    if (failures.length) return console.log(failures);
    const verb = process.argv[2];
    let out: any;
    if (verb === "create") out = (await provider.create(news)).outs;
    if (verb === "update") out = (await provider.update(news.name, {}, news)).outs;
    if (verb === "read") { out = await provider.read(news.name, news); if (out.id) console.log(await provider.diff(news.name, out.props, news)); }
    if (verb === "delete") out = await provider.delete(news.name, news as any);
    if (out?.config) { const { config, database, ...rest } = out; console.log(JSON.stringify(rest)); } else console.log(out && { ...out, props: out.props?.state });
  } catch (e: any) { console.log("THROWN", e.constructor.name, "id=" + e.id, "state=" + e.properties?.state, "\n" + e.message); }
  console.log((Date.now() - t) + " ms");
})();
