import { readFileSync } from "node:fs";
import { Client } from "pg";
const seed = JSON.parse(readFileSync("connector-configs/debezium-postgres-connector.json", "utf8"));
const cfg = { ...seed.config, ...JSON.parse(process.argv[2] ?? "{}") };
(async () => {
  const db = new Client({ host: "localhost", port: 45432, user: "postgres", password: "s3cret-pw", database: "postgres" }); await db.connect();
  const u = "http://localhost:48083/connectors/" + seed.name; const t0 = Date.now(); let last = "";
  void fetch(u + "/config", { method: "PUT", body: JSON.stringify(cfg), headers: { "content-type": "application/json" } }).then(r => console.log(Date.now() - t0, "PUT", r.status));
  while (Date.now() - t0 < 8000) {
    const s: any = await (await fetch(u + "/status")).json();
    const slot = (await db.query("select active, confirmed_flush_lsn is not null f from pg_replication_slots")).rows;
    const now = JSON.stringify([s.connector?.state, s.tasks?.map((t: any) => t.state + (t.trace ?? "").slice(0, 60)), slot]);
    if (now !== last) console.log(Date.now() - t0, now); last = now;
    await new Promise(r => setTimeout(r, 20));
  }
  await db.end();
})();
