/** What preview finds out about real tables, on a PostgreSQL of its own. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import execa from "execa";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capturableCheck } from "../../components/source-tables";
import { judgeDatabase, questionOf } from "../../providers/kafka-connect/checks/preflight";
import { grantsSql } from "../../providers/kafka-connect/database/grants";
import { postgresql } from "../../providers/kafka-connect/database/replication";
import { listEntry } from "../../providers/kafka-connect/debezium/table-names";
import { usualPacing } from "../../providers/kafka-connect/pacing";
import type { ConnectorConfig } from "../../providers/kafka-connect/rest/api";
import { eventually } from "./platform";

const CONTAINER = "e2e-preflight-postgresql";
const access = { host: "127.0.0.1", port: 0, user: "postgres", password: "postgres", database: "postgres" };
const client = async (database = access.database) => {
  const one = new Client({ ...access, database });
  await one.connect();
  return one;
};

async function sql(text: string): Promise<void> {
  const one = await client();
  await one.query(text).finally(() => one.end());
}

beforeAll(async () => {
  const password = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "cdc-")), "password");
  fs.writeFileSync(password, "postgres\n", { mode: 0o644 });
  fs.chmodSync(path.dirname(password), 0o755);
  await execa("docker", ["rm", "--force", CONTAINER]);
  await execa("docker", [
    ...["run", "--detach", "--name", CONTAINER, "--publish", "127.0.0.1::5432"],
    ...["--volume", `${password}:/etc/postgresql/cdc/password:ro`, "cdc/postgresql"],
    ...["postgres", "-c", "wal_level=logical", "-c", "fsync=off"],
  ]);
  const { stdout } = await execa("docker", ["port", CONTAINER, "5432/tcp"]);
  access.port = Number(stdout.split(":").at(-1));
  await eventually(
    "a database",
    60,
    () => sql("SELECT"),
    () => true,
  );
  await sql("CREATE SCHEMA rw; CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE EXTENSION ltree;");
});
afterAll(async () => {
  await execa("docker", ["rm", "--force", "--volumes", CONTAINER]);
});

const EXACT = {
  converters: "database",
  "database.type": "cdc.connect.ExactValues",
  "database.connection.factory.class": "cdc.connect.ExactConnections",
  "include.unknown.datatypes": "true",
  "driver.binaryTransfer": "false",
};

function configOf(tables: readonly string[], changes: ConnectorConfig = EXACT): ConnectorConfig {
  return {
    "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
    "plugin.name": "pgoutput",
    "topic.prefix": "p",
    "slot.name": "cdc",
    "publication.name": "cdc",
    "publication.autocreate.mode": "filtered",
    "table.include.list": tables.map(listEntry).join(","),
    ...changes,
  };
}

async function findings(config: ConnectorConfig, keys: Record<string, string[]> = {}, database = "postgres") {
  const question = questionOf(config, keys);
  if (!question) throw new Error("no question");
  const facts = await postgresql.inspect({ ...access, database }, question, usualPacing);
  return judgeDatabase(config, question, facts, undefined).map(
    ({ severity, property, text }) => `${severity} ${property} ${text}`,
  );
}

/** Tables made by SQL, listed all, and what is said about them: each text matches one line, and there are no others. */
const cases: {
  it: string;
  sql?: string;
  list: string[];
  config?: ConnectorConfig;
  keys?: Record<string, string[]>;
  says: RegExp[];
}[] = [
  {
    it: "has nothing against plain tables, whatever they are called",
    sql: `DO $do$ DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['LİNKS','Sipariş Detayı','Company Inc$Sales Header','order-lines','user','1st',
      'MixedCase','Orders (old)','a"b','back\\slash','it''s','$$$','🦆'] LOOP EXECUTE format('CREATE TABLE rw.%I (id int PRIMARY KEY, "v w" text)', t); END LOOP; END $do$`,
    list: [
      ...[
        "rw.LİNKS",
        "rw.Sipariş Detayı",
        "rw.Company Inc$Sales Header",
        "rw.order-lines",
        "rw.user",
        "rw.1st",
      ],
      ...["rw.MixedCase", "rw.Orders (old)", 'rw.a"b', "rw.back\\slash", "rw.it's", "rw.$$$", "rw.🦆"],
    ],
    says: [],
  },
  {
    it: "refuses tables that are not there, also where only the capitals differ",
    sql: "CREATE TABLE rw.here (id int PRIMARY KEY)",
    list: ["rw.here", "rw.Here", "rw.nope", "no_schema.t"],
    says: [
      /^error .*names rw\.Here, rw\.nope and no_schema\.t, but database postgres has no such tables: create them/,
    ],
  },
  {
    it: "refuses what is no table, and says what it is",
    sql: `CREATE TABLE rw.base (id int PRIMARY KEY, v text); CREATE VIEW rw.v AS SELECT * FROM rw.base;
      CREATE MATERIALIZED VIEW rw.mv AS SELECT * FROM rw.base; CREATE SEQUENCE rw.seq; CREATE TYPE rw.comp AS (a int);
      CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
      CREATE FOREIGN TABLE rw.ft (id int) SERVER files OPTIONS (filename '/dev/null'); CREATE UNLOGGED TABLE rw."Unlogged" (id int PRIMARY KEY);
      CREATE UNLOGGED TABLE rw.unlogged2 (id int PRIMARY KEY)`,
    list: ["rw.v", "rw.mv", "rw.seq", "rw.comp", "rw.ft", "rw.base_pkey", "rw.Unlogged", "rw.unlogged2"],
    says: [
      /rw\.Unlogged and rw\.unlogged2, which are unlogged: .*ALTER TABLE rw\."Unlogged" SET LOGGED, and so for each/,
      /rw\.v, which is a view, and only tables can be captured: list the tables that it reads/,
      /rw\.mv, which is a materialized view/,
      /rw\.seq, which is a sequence/,
      /rw\.comp, which is a composite type/,
      /rw\.ft, which is a foreign table/,
      /rw\.base_pkey, which is an index/,
    ],
  },
  {
    it: "refuses two tables that would share a topic",
    sql: `CREATE TABLE rw."twin$1" (id int PRIMARY KEY); CREATE TABLE rw.twin_1 (id int PRIMARY KEY);
      CREATE SCHEMA rw_a; CREATE TABLE rw_a.b (id int PRIMARY KEY); CREATE TABLE rw.a_b (id int PRIMARY KEY)`,
    list: ["rw.twin$1", "rw.twin_1", "rw_a.b", "rw.a_b"],
    says: [
      /^error .*rw\.twin\$1 and rw\.twin_1, whose changes would come in one topic, p\.rw\.twin_1/,
      /^error .*rw_a\.b and rw\.a_b, whose topics, p\.rw_a\.b and p\.rw\.a_b, Kafka does not tell apart/,
    ],
  },
  {
    it: "wants a partitioned table published through its root, and listed without its partitions",
    sql: `CREATE TABLE rw.events (id bigint, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
      CREATE TABLE rw.events_a PARTITION OF rw.events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01') PARTITION BY RANGE (id);
      CREATE TABLE rw.events_a1 PARTITION OF rw.events_a DEFAULT; CREATE TABLE rw.events_b PARTITION OF rw.events DEFAULT`,
    list: ["rw.events", "rw.events_a1"],
    says: [
      /^error config\["publish\.via\.partition\.root"\] has to be true for rw\.events, a partitioned table/,
      /^error .*names rw\.events_a1 beside rw\.events, of which it is a partition/,
    ],
  },
  {
    it: "has nothing against a partitioned table with that, nor against a partition alone",
    list: ["rw.events"],
    config: { ...EXACT, "publish.via.partition.root": "true" },
    says: [],
  },
  { it: "takes a partition for a table of its own", list: ["rw.events_b"], says: [] },
  {
    it: "names the children of an inherited table",
    sql: `CREATE TABLE rw.payment (id int PRIMARY KEY); CREATE TABLE rw.card (c text, PRIMARY KEY (id)) INHERITS (rw.payment);
      CREATE TABLE rw.gold_card (PRIMARY KEY (id)) INHERITS (rw.card)`,
    list: ["rw.payment"],
    says: [
      /^warning .*rw\.payment, from which rw\.card and rw\.gold_card inherit: a snapshot has the children's rows too/,
    ],
  },
  {
    it: "names tables whose updates PostgreSQL would refuse, each with the reason",
    sql: `CREATE TABLE rw.nothing (id int PRIMARY KEY); ALTER TABLE rw.nothing REPLICA IDENTITY NOTHING;
      CREATE TABLE rw.deferred (id int PRIMARY KEY DEFERRABLE); CREATE TABLE rw.keyless (v text);
      CREATE TABLE rw.lost (id int NOT NULL, o int PRIMARY KEY); CREATE UNIQUE INDEX lost_id ON rw.lost (id); ALTER TABLE rw.lost REPLICA IDENTITY USING INDEX lost_id;
      DROP INDEX rw.lost_id; CREATE TABLE rw.parts (k int, v text) PARTITION BY LIST (k); CREATE TABLE rw.part_1 PARTITION OF rw.parts DEFAULT;
      ALTER TABLE rw.parts REPLICA IDENTITY FULL`,
    list: ["rw.nothing", "rw.deferred", "rw.keyless", "rw.lost", "rw.parts"],
    config: { ...EXACT, "publish.via.partition.root": "true" },
    says: [
      /rw\.nothing, whose updates and deletes do not .*\(REPLICA IDENTITY NOTHING\).*ALTER TABLE rw\.nothing REPLICA IDENTITY FULL/,
      /rw\.deferred, whose .*\(a DEFERRABLE primary key, which is no replica identity\)/,
      /rw\.keyless, whose .*\(no primary key\)/,
      /rw\.lost, whose .*\(a replica identity whose index was dropped\)/,
      /rw\.parts, whose .*\(partitions without replica identity\).*ALTER TABLE rw\.part_1 REPLICA IDENTITY FULL/,
      /rw\.keyless and rw\.parts, without a key: the lake has its changes, but no current state/,
    ],
  },
  {
    it: "names keys that do not tell rows apart, or are not in the log",
    sql: `CREATE TABLE rw.members (nick text UNIQUE, name text); ALTER TABLE rw.members REPLICA IDENTITY FULL;
      CREATE TABLE rw.partial (a text NOT NULL, b text); CREATE UNIQUE INDEX partial_a ON rw.partial (a) INCLUDE (b) WHERE b = 'x'; ALTER TABLE rw.partial REPLICA IDENTITY FULL;
      CREATE TABLE rw.by_name (a text NOT NULL, b text); CREATE UNIQUE INDEX z ON rw.by_name (a); CREATE UNIQUE INDEX m ON rw.by_name (b);
      CREATE UNIQUE INDEX a ON rw.by_name (lower(b)); ALTER TABLE rw.by_name REPLICA IDENTITY FULL;
      CREATE TABLE rw.products (id int PRIMARY KEY, code text NOT NULL UNIQUE); ALTER TABLE rw.products REPLICA IDENTITY USING INDEX products_code_key;
      CREATE COLLATION rw.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false); CREATE TABLE rw.names (name text COLLATE rw.loose PRIMARY KEY)`,
    list: ["rw.members", "rw.partial", "rw.by_name", "rw.products", "rw.names"],
    says: [
      /rw\.members \(index members_nick_key has nick, which may be NULL\), rw\.partial \(index partial_a covers only rows with \(b = 'x'::text\), and has b, which may be NULL, and only includes b\) and rw\.by_name \(index m has b, which may be NULL\): without a primary key/,
      /rw\.products \(key: id, by primary key; replica identity: code\), whose replica identity does not contain the key: .*ALTER TABLE rw\.products REPLICA IDENTITY FULL/,
      /keys with a collation that is not deterministic, rw\.names\.name/,
    ],
  },
  {
    it: "looks for the columns of configured keys",
    list: ["rw.members", "rw.products", "rw.base"],
    config: { ...EXACT, "message.key.columns": "rw\\.products:id,nope;rw.(base):id" },
    keys: { "rw.members": ["nik"], "rw.other": ["a"] },
    says: [
      /^warning cdc:tableKeys names rw\.other, which "table\.include\.list" does not/,
      /^error cdc:tableKeys names nik as key of rw\.members, which has no such column: it has nick and name/,
      /^error config\["message\.key\.columns"\] names nope as key of rw\.products/,
      /rw\.products \(key: id, nope, by message\.key\.columns/,
    ],
  },
  {
    it: "leaves generated columns out, refuses them in a key, and refuses columns that differ in case only",
    sql: `CREATE TABLE rw.gen (id int PRIMARY KEY, a int, total int GENERATED ALWAYS AS (a * 2) STORED, "t,u" int GENERATED ALWAYS AS (a) STORED);
      CREATE TABLE rw.gen_key (a int, k int GENERATED ALWAYS AS (a) STORED PRIMARY KEY);
      CREATE TABLE rw.twins (id int PRIMARY KEY, name text, "Name" text); CREATE TABLE rw.own (id int PRIMARY KEY, "_LSN" text, _rescued_data int)`,
    list: ["rw.gen", "rw.gen_key", "rw.twins", "rw.own"],
    says: [
      /^error .*generated columns in a primary key, rw\.gen_key\.k/,
      /^warning config\["column\.exclude\.list"\] is given rw\.gen\.total and rw\.gen\.t,u, generated/,
      /^error .*rw\.twins \(name and Name\), .*differ in case only: .*ALTER TABLE rw\.twins RENAME COLUMN "Name" TO/,
      /names of the lake's own, rw\.own\._LSN and rw\.own\._rescued_data/,
    ],
  },
  {
    it: "says of each column what becomes of it without the exact converter",
    sql: `CREATE TYPE rw.mood AS ENUM ('sad'); CREATE DOMAIN rw.price AS numeric(10,2); CREATE DOMAIN rw.must AS numeric NOT NULL;
      CREATE TABLE rw.kinds (id int PRIMARY KEY, c rw.comp, m int4multirange, l pg_lsn, x xml[], d rw.price[], nm name, n rw.must, arr float8[] NOT NULL, w text[],
        h hstore, t timestamptz, days date[], q int DEFAULT 5, i interval, ok rw.mood, okc citext, okt text, okr int4range, path ltree)`,
    list: ["rw.kinds"],
    config: { "value.converter": "org.apache.kafka.connect.json.JsonConverter" },
    says: [
      /rw\.kinds\.c \(rw\.comp\), rw\.kinds\.m \(int4multirange\), rw\.kinds\.l \(pg_lsn\), rw\.kinds\.x \(xml\[\]\) and rw\.kinds\.d \(rw\.price\[\]\): left out/,
      /rw\.kinds\.nm \(name\): NULL in every change/,
      /rw\.kinds\.i \(interval\): arrives as a number of microseconds/,
      /rw\.kinds\.n \(rw\.must\): NaN or infinity stops the connector/,
      /rw\.kinds\.n \(rw\.must\) and rw\.kinds\.arr \(double precision\[\]\): an update that leaves a large value alone stops/,
      /rw\.kinds\.w \(text\[\]\), rw\.kinds\.h \(hstore\) and rw\.kinds\.days \(date\[\]\): an update that leaves a large value alone sends NULL/,
      /rw\.kinds\.t \(timestamp with time zone\) and rw\.kinds\.days \(date\[\]\): infinity and years BC/,
      /rw\.kinds\.arr \(double precision\[\]\), rw\.kinds\.w \(text\[\]\) and rw\.kinds\.days \(date\[\]\): arrays of more/,
      /rw\.kinds\.q \(integer\): NULL arrives as the column's DEFAULT/,
      /^warning config\["converters"\] lacks cdc\.connect\.ExactValues/,
      /rw\.kinds\.i \(interval\): an interval of infinity arrives as 0/,
    ],
  },
  {
    it: "and nothing with it",
    list: ["rw.kinds"],
    says: [],
  },
  {
    it: "names what the converter cannot have without the connections",
    list: ["rw.kinds"],
    config: { ...EXACT, "database.connection.factory.class": "" },
    says: [/^warning .*rw\.kinds\.i \(interval\): an interval of infinity arrives as 0/],
  },
  {
    it: "names the settings that the converter needs",
    list: ["rw.kinds"],
    config: { converters: "a, exact", "exact.type": "cdc.connect.ExactValues" },
    says: [
      /^warning config\["include\.unknown\.datatypes"\] has to be true for rw\.kinds\.c .*rw\.kinds\.nm \(name\)/,
      /^warning config\["driver\.binaryTransfer"\] has to be false for rw\.kinds\.x .*rw\.kinds\.days/,
      /infinity arrives as 0/,
    ],
  },
  {
    it: "looks at rights and row security with the connector's role",
    sql: `CREATE ROLE "The Reader" LOGIN REPLICATION; GRANT USAGE ON SCHEMA rw TO "The Reader"; CREATE TABLE rw.closed (id int PRIMARY KEY);
      CREATE TABLE rw.secured (id int PRIMARY KEY); ALTER TABLE rw.secured ENABLE ROW LEVEL SECURITY; GRANT SELECT ON rw.secured TO "The Reader"`,
    list: ["rw.closed", "rw.secured"],
    config: { ...EXACT, "database.user": "The Reader" },
    says: [
      /^error .*rw\.closed, which The Reader may not read: GRANT SELECT ON rw\.closed TO "The Reader"/,
      /^warning .*rw\.secured, with row security that applies to The Reader: .*ALTER ROLE "The Reader" BYPASSRLS/,
      /^error .*The Reader may not put the tables into publication cdc: .*does not own rw\.closed and rw\.secured/,
    ],
  },
  {
    it: "looks at the publication that is there",
    sql: `CREATE PUBLICATION cdc FOR TABLE rw.base (id), rw.here WHERE (id > 5), rw.events WITH (publish = 'insert, update')`,
    list: ["rw.base", "rw.here"],
    says: [
      /is cdc, a publication without delete and truncate: .*ALTER PUBLICATION cdc SET \(publish/,
      /a row filter or a list of columns for rw\.base and rw\.here: .*ALTER PUBLICATION cdc DROP TABLE rw\.base/,
      /a publication that also has rw\.events, listed nowhere/,
    ],
  },
  {
    it: "wants all of it in one that the connector must not touch",
    list: ["rw.base", "rw.closed", "rw.events"],
    config: { ...EXACT, "publication.autocreate.mode": "disabled", "publish.via.partition.root": "true" },
    says: [
      /publication without delete/,
      /row filter/,
      /^error .*does not have rw\.closed, .* ALTER PUBLICATION cdc ADD TABLE rw\.closed$/,
      /^error .*ALTER PUBLICATION cdc SET \(publish_via_partition_root = true\)/,
    ],
  },
  {
    it: "refuses one for all tables, which Debezium cannot filter",
    sql: "DROP PUBLICATION cdc; CREATE PUBLICATION cdc FOR ALL TABLES",
    list: ["rw.base"],
    says: [
      /^error .*FOR ALL TABLES, which the connector cannot filter: choose another name, or DROP PUBLICATION cdc/,
    ],
  },
];

describe("preview, of real tables,", () => {
  it.each(cases)("$it", async ({ sql: text, list, config, keys, says }) => {
    if (text) await sql(text);
    const found = await findings(configOf(list, config), keys);
    expect(found, found.join("\n")).toHaveLength(says.length);
    for (const expected of says) expect(found.join("\n")).toMatch(new RegExp(expected.source, "m"));
  });

  it("warns of a database that is not UTF-8", async () => {
    await sql("CREATE DATABASE old ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
    const found = await findings(configOf([]), {}, "old");
    expect(found.join()).toMatch(/names old, whose encoding is SQL_ASCII: .*converts nothing/);
  });

  it("takes little time for a thousand tables, and few words", async () => {
    await sql(`CREATE SCHEMA many; DO $$ BEGIN FOR i IN 1..1000 LOOP
      EXECUTE format('CREATE TABLE many.t%s (v text, w numeric[], x pg_lsn, g text GENERATED ALWAYS AS (v) STORED, a int, b int, c int, d int)', i);
      END LOOP; END $$`);
    const list = Array.from({ length: 2000 }, (_, index) => `many.t${index + 1}`);
    const started = Date.now();
    const found = await findings(configOf(list, {}));
    expect(Date.now() - started).toBeLessThan(20 * 1000);
    expect(found.length).toBeLessThan(12);
    for (const line of found) expect(line.length, line).toBeLessThan(1500);
    expect(found.join("\n")).toMatch(
      /names many\.t1001, many\.t1002, .* and 990 more, but database postgres has no such tables/,
    );
  });
});

describe("a role that is no superuser", () => {
  it("is told what it lacks, and lacks nothing after the SQL of `npm run grants`", async () => {
    await sql(
      'CREATE SCHEMA own; CREATE TABLE own."Or ders" (id int PRIMARY KEY); CREATE TABLE own.items (id int PRIMARY KEY)',
    );
    await sql('CREATE ROLE "c-d c" LOGIN');
    const config = configOf(["own.Or ders", "own.items"], {
      ...EXACT,
      "database.user": "c-d c",
      "publication.name": "of shop",
      "signal.data.collection": "own.signal",
    });
    const found = await findings(config);
    for (const lack of [
      /lacks REPLICATION/,
      /"c-d c" may not read|may not read: GRANT SELECT/,
      /may not put the tables into publication of shop: it has no CREATE on database postgres, and does not own/,
      /names own\.signal, which is not there, and c-d c may not make it/,
    ]) {
      expect(found).toContainEqual(expect.stringMatching(lack));
    }
    await sql('DROP ROLE "c-d c"');
    const grants = grantsSql({
      role: "c-d c",
      database: "postgres",
      tables: [
        { schema: "own", table: "Or ders" },
        { schema: "own", table: "items" },
      ],
      publication: "of shop",
      viaRoot: false,
      signalTable: { schema: "own", table: "signal" },
    });
    await execa("docker", ["exec", "-i", CONTAINER, "psql", "-U", "postgres", "-v", "ON_ERROR_STOP=1"], {
      input: grants,
    });
    const given = { ...config, "publication.autocreate.mode": "disabled" };
    expect((await findings(given)).filter((text) => text.startsWith("error"))).toEqual([]);
  });
});

describe("up, before topics are made,", () => {
  const check = async (tables: string[]) =>
    sql(capturableCheck(tables, "postgres")).then(
      () => "fine",
      (error) => `${error.message} | ${error.hint}`,
    );

  it("fails with the same reasons", async () => {
    expect(await check(["rw.base", "rw.it's", "rw.$$$", "rw.Sipariş Detayı"])).toBe("fine");
    expect(await check(["rw.base", "rw.$check$nope", "rw.nope"])).toBe(
      'table rw.$check$nope, rw.nope of "table.include.list" does not exist in database postgres | ' +
        "create it (in the SQL file that cdc:sourceSchema names, say) or take it off the list",
    );
    expect(await check(["rw.Unlogged"])).toMatch(
      /rw\.Unlogged of .* is unlogged \| ALTER TABLE rw\."Unlogged" SET LOGGED/,
    );
    expect(await check(["rw.mv"])).toMatch(/is a materialized view/);
    expect(await check(Array.from({ length: 500 }, (_, index) => `rw.n${index}`))).toMatch(
      / and 490 more of/,
    );
  });
});
