/** Many tables: what each command costs with them, and how long it takes until the rows that they had are in the lake. */
import type { Measurement } from "../measurement";
import type { Findings, Scene } from "./scenario";

export const ROWS_EACH = 100;
const SCHEMA = "many";
/** Commands that are run once on the stack as it is then. */
const COMMANDS = [
  ["up with nothing to do", "up"],
  ["preview with nothing to do", "preview"],
  ["refresh", "refresh"],
  ["status", "status"],
  ["outputs", "outputs"],
  ["verify", "verify"],
] as const;

/** Adds tables to a running stack by one expression, and runs every command. The stack has them from then on. */
export async function tables({ system, access, request, progress, sampler }: Scene): Promise<Findings> {
  const { stack } = system;
  const count = request.tables;
  const names = `${count.toLocaleString("en")} tables`;
  const of = (metric: string, seconds: number, detail?: string): Measurement[] => [
    { scenario: names, system: "ours", metric, value: seconds, unit: "s", ...(detail ? { detail } : {}) },
    {
      scenario: names,
      system: "ours",
      metric: `${metric}, each`,
      value: (seconds / count) * 1000,
      unit: "ms",
    },
  ];
  await access.database.query(tablesSql(count));
  stack.configure({
    connectorOverrides: { "table.include.list": `public.links,public.customers1,${SCHEMA}\\..*` },
  });

  const watched = sampler();
  await watched.start();
  const began = performance.now();
  const added = await stack.npmRun("up");
  progress.line(`up that adds ${names}: ${added.seconds.toFixed(1)} s`);
  // It compares all rows, so what is equal is there.
  await stack.npmRun("verify");
  const readable = (performance.now() - began) / 1000;
  await watched.stop();
  progress.line(`all rows in the lake, seen by verify, after ${readable.toFixed(1)} s`);
  const measurements = [
    ...of("up that adds them", added.seconds, `${ROWS_EACH} rows each, asked for by one expression`),
    ...of("up that adds them → all rows equal in the lake", readable, "verify included"),
  ];
  for (const [metric, command] of COMMANDS) {
    const { seconds } = await stack.npmRun(command);
    progress.line(`${metric}: ${seconds.toFixed(1)} s`);
    measurements.push(...of(metric, seconds));
  }
  return { measurements };
}

function tablesSql(count: number): string {
  return `
    CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
    DO $$ BEGIN
      FOR i IN 1..${count} LOOP
        EXECUTE format('CREATE TABLE IF NOT EXISTS ${SCHEMA}.t_%s (id int PRIMARY KEY, name text, at timestamptz, amount numeric(10,2))', i);
        EXECUTE format('INSERT INTO ${SCHEMA}.t_%s SELECT k, md5(k::text), now(), k * 1.5 FROM generate_series(1, ${ROWS_EACH}) AS k
          ON CONFLICT DO NOTHING', i);
        IF i % 100 = 0 THEN COMMIT; END IF;
      END LOOP;
    END $$`;
}
