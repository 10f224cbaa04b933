import { DatabaseError } from "pg";
import { describe, expect, it } from "vitest";
import { explainConnectionError, explainWriteError } from "../../../tools/datagen/connection";

const request = { host: "db", port: 5432, user: "me", database: "shop", password: "top-secret" };
const explain = (code: string, message = "") =>
  explainConnectionError(Object.assign(new Error(message), { code }), request);

describe("an error of the connection", () => {
  it.each([
    ["ECONNREFUSED", "Nothing listens at db:5432.", "npm run up"],
    ["ENOTFOUND", "The host db is not known here.", "-hst"],
    ["28P01", "refused the password of me", "PGPASSWORD"],
    ["3D000", 'no database "shop"', "-db"],
    ["57P03", "still starting", "again"],
  ])("%s says what is wrong and how to fix it", (code, message, fix) => {
    expect(explain(code).message).toContain(message);
    expect(explain(code).fix).toContain(fix);
  });

  it("asks for the password that is missing", () => {
    const error = new Error("SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string");
    expect(explainConnectionError(error, { ...request, password: undefined }).message).toContain(
      "none was given",
    );
  });

  it("never shows the password", () => {
    for (const code of ["28P01", "28000", "3D000", "ECONNREFUSED", "other"]) {
      const { message, fix } = explain(code, "why");
      expect(message + fix).not.toContain("top-secret");
    }
  });
});

describe("an error while writing", () => {
  const explain = (code: string, message: string) =>
    explainWriteError(
      Object.assign(new DatabaseError(message, 0, "error"), { severity: "ERROR", code }),
      '"s"."t"',
    );

  it.each([
    ["57P01", "terminating connection", "The connection to PostgreSQL broke"],
    ["42501", "permission denied for table t", "permission denied"],
    ["23503", "violates foreign key constraint", "PostgreSQL refused it: violates foreign key constraint."],
  ])("%s is told in words", (code, message, words) => {
    expect(explain(code, message)).toMatchObject({
      name: "UserError",
      message: expect.stringContaining(words),
    });
  });

  it("tells how a captured table gets its replica identity", () => {
    expect(
      explain("55000", 'cannot update table "t" because it does not have a replica identity'),
    ).toMatchObject({
      fix: 'Give it one: ALTER TABLE "s"."t" REPLICA IDENTITY FULL; or a primary key.',
    });
  });

  it("that is a mistake of this program is not blamed on the connection", () => {
    const mistake = new TypeError("x is undefined");
    expect(explainWriteError(mistake, "t")).toBe(mistake);
  });
});
