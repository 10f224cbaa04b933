import { describe, expect, it } from "vitest";
import { judgeDatabase, questionOf } from "../../../../providers/kafka-connect/checks/preflight";
import type { DatabaseFacts, DatabaseQuestion } from "../../../../providers/kafka-connect/database/facts";
import { factsOf, publicationOf, tableOf } from "../database-facts";

const config = {
  "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
  "plugin.name": "pgoutput",
  "database.user": "reader",
  "slot.name": "cdc",
  "publication.name": "cdc",
  "table.include.list": "public.links,public\\.customers_.*",
};
const question = questionOf(config) as DatabaseQuestion;
const ownSlot = { database: "shop", plugin: "pgoutput", reader: undefined };

function judge(
  facts: Partial<DatabaseFacts>,
  isSlotOurs?: boolean,
  changes: Record<string, string> = {},
): string[] {
  return judgeDatabase({ ...config, ...changes }, question, factsOf(facts), isSlotOurs).map(
    ({ severity, property, text }) => `${severity} ${property} ${text}`,
  );
}

describe("the lists of columns", () => {
  it("may have expressions, as Debezium takes them", () => {
    expect(judge({}, undefined, { "column.exclude.list": "public\\.links\\.(note|x)" })).toEqual([]);
    expect(judge({}, undefined, { "column.include.list": "PUBLIC.links..*" })).toEqual([]);
  });

  it("are refused where an entry is none, and warned of where it matches no column", () => {
    expect(judge({}, undefined, { "column.exclude.list": "public.links.(note" })).toEqual([
      expect.stringMatching(
        /^error config\["column\.exclude\.list"\] contains "public\.links\.\(note" is no regular/,
      ),
    ]);
    expect(judge({}, undefined, { "column.exclude.list": "links.note,public.links.note" })).toEqual([
      expect.stringMatching(
        /^warning config\["column\.exclude\.list"\] has "links\.note", which matches no column/,
      ),
    ]);
  });
});

describe("a database that a connector is to read", () => {
  it("is asked for what can be known: tables by name, not by pattern, and no role behind a reference", () => {
    expect(question).toEqual({
      role: "reader",
      tables: ["public.links"],
      before: [],
      keys: {},
      slot: "cdc",
      publication: "cdc",
    });
    expect(questionOf({ ...config, "database.user": `\${file:/a:user}` })?.role).toBeUndefined();
    expect(questionOf({ "connector.class": "x.FileSource" })).toBeUndefined();
  });

  it("is fine when all is there, also with the connector's own slot, idle or read by it", () => {
    expect(judge({})).toEqual([]);
    expect(judge({ slot: ownSlot })).toEqual([]);
    expect(judge({ slot: { ...ownSlot, reader: "Debezium Streaming" } }, true)).toEqual([]);
    expect(judge({ slot: { ...ownSlot, reader: "Debezium Streaming" } }, undefined)).toEqual([]);
  });

  it.each<[string, Partial<DatabaseFacts>, boolean | undefined, RegExp]>([
    [
      "no logical decoding",
      { walLevel: "replica" },
      undefined,
      /needs a server with wal_level = logical; it has replica/,
    ],
    [
      "no such role",
      { role: undefined },
      undefined,
      /config\["database\.user"\] names reader, but there is no such role/,
    ],
    [
      "no REPLICATION",
      { role: { name: "reader", maySignIn: true, mayReplicate: false } },
      undefined,
      /lacks REPLICATION: ALTER ROLE reader REPLICATION/,
    ],
    [
      "no LOGIN",
      { role: { name: "reader", maySignIn: false, mayReplicate: true } },
      undefined,
      /lacks LOGIN/,
    ],
    ["no table", { tables: [] }, undefined, /names public\.links, but database shop has no such table/],
    [
      "no SELECT",
      { tables: [tableOf({ isReadable: false })] },
      undefined,
      /GRANT SELECT ON public\.links TO reader/,
    ],
    ["no free slot", { slots: { used: 10, limit: 10 } }, undefined, /all 10 are taken/],
    ["no free sender", { senders: { used: 10, limit: 10 } }, undefined, /all 10 are busy/],
    [
      "a slot of another database",
      { slot: { ...ownSlot, database: "other" } },
      undefined,
      /belongs to database other/,
    ],
    [
      "a slot of another plugin",
      { slot: { ...ownSlot, plugin: "wal2json" } },
      undefined,
      /made for wal2json, not pgoutput/,
    ],
    ["a physical slot", { slot: { ...ownSlot, database: undefined } }, undefined, /is a physical one/],
    [
      "a slot read by another",
      { slot: { ...ownSlot, reader: "pg_recvlogical" } },
      false,
      /in use by pg_recvlogical/,
    ],
  ])("is not fit with %s", (_what, facts, isSlotOurs, text) => {
    const [finding, ...more] = judge(facts, isSlotOurs);
    expect(more).toEqual([]);
    expect(finding).toMatch(/^error /);
    expect(finding).toMatch(text);
  });

  it("is not fit without the publication that the connector must not make", () => {
    const disabled = { "publication.autocreate.mode": "disabled" };
    expect(judge({}, undefined, disabled)[0]).toMatch(/is cdc, but there is no such publication/);
    expect(judge({ publication: publicationOf() }, undefined, disabled)).toEqual([]);
  });

  it("draws a warning, no more, for a table whose rows have no identity", () => {
    const [finding] = judge({ tables: [tableOf({ identity: { kind: "nothing" } })] });
    expect(finding).toMatch(/^warning .*refuses them.*ALTER TABLE public\.links REPLICA IDENTITY FULL/);
  });

  it("has slots and senders enough when the connector has its own already", () => {
    const full = { slots: { used: 10, limit: 10 }, senders: { used: 10, limit: 10 } };
    expect(judge({ ...full, slot: { ...ownSlot, reader: "Debezium Streaming" } }, true)).toEqual([]);
  });
});

describe("a role that is no superuser", () => {
  const privileges = {
    isSuperuser: false,
    mayPublish: true,
    notOwned: [],
    ownsPublication: undefined,
    signalTable: undefined,
  };
  const filtered = { "publication.autocreate.mode": "filtered" };
  const signals = { exists: true, mayCreate: false, lacks: [], isPublished: true };
  const judged = (
    changed: Partial<DatabaseFacts["privileges"]>,
    changes: Record<string, string> = filtered,
    facts: Partial<DatabaseFacts> = {},
  ) =>
    judgeDatabase(
      { ...config, ...changes },
      { ...question, signals: { schema: "public", table: "signal" } },
      factsOf({ ...facts, privileges: { ...privileges, ...changed } }),
      undefined,
    ).map(({ severity, property, text }) => `${severity} ${property} ${text}`);

  it("is fine where it owns the tables and may make a publication and a signal table", () => {
    expect(judged({ signalTable: { ...signals, exists: false, mayCreate: true } })).toEqual([]);
    expect(judged({ ownsPublication: true, signalTable: signals })).toEqual([]);
  });

  it.each<[string, Parameters<typeof judged>, RegExp]>([
    [
      "that may not publish",
      [{ mayPublish: false }],
      /reader may not put.*it has no CREATE on database shop\. `npm run grants`/,
    ],
    ["of other tables", [{ notOwned: ["public.links"] }], /may not put.*it does not own public\.links/],
    [
      "of another publication",
      [{ ownsPublication: false }, filtered, { publication: publicationOf() }],
      /it is not the owner of cdc/,
    ],
    ["with a publication of all tables", [{}, {}], /made by a superuser only, which reader is not/],
    [
      "that may not make the signal table",
      [{ signalTable: { ...signals, exists: false } }],
      /public\.signal, which is not there, and reader may not make it\. `npm run grants`/,
    ],
    [
      "that may not use the signal table",
      [{ signalTable: { ...signals, lacks: ["INSERT"] } }],
      /GRANT INSERT ON "public"\."signal" TO reader/,
    ],
    [
      "whose signals are not published",
      [
        { signalTable: { ...signals, isPublished: false } },
        { "publication.autocreate.mode": "disabled" },
        { publication: publicationOf() },
      ],
      /ALTER PUBLICATION cdc ADD TABLE "public"\."signal"/,
    ],
  ])("is told what it lacks: one %s", (_what, [changed, changes, facts], finding) => {
    expect(judged(changed, changes, facts)).toEqual([expect.stringMatching(finding)]);
  });
});
