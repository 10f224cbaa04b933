import { Client } from "pg";
(async () => {
  const db = new Client({ host: "localhost", port: 45432, user: "postgres", password: "s3cret-pw", database: "postgres" }); await db.connect();
  const u = "http://localhost:48083/connectors/debezium-postgres-connector"; const t0 = Date.now(); let last = "";
  while (Date.now() - t0 < 9000) {
    const s: any = await (await fetch(u + "/status")).json(); const t: any = await (await fetch(u + "/tasks")).json();
    const slot = (await db.query("select active_pid from pg_replication_slots")).rows;
    const now = JSON.stringify([s.connector?.state, s.tasks?.map((t: any) => t.state + (t.trace ?? "").slice(0, 60)), Array.isArray(t)&&t.map((x: any) => x.config["publication.name"]), slot]);
    if (now !== last) console.log(Date.now() - t0, now); last = now;
    await new Promise(r => setTimeout(r, 20));
  }
  await db.end();
})();
