import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { connectionTo, placeOf, urlOf } from "../../../providers/postgresql/url";

const place = { host: "db.example", port: 6432, user: "cdc", password: "secret", database: "shop" };

describe("a URL of a database", () => {
  it.each([
    ["plain names", place],
    ["whatever a password can have", { ...place, password: `it's "odd" \\ $x %41/@:#!=ü?&` }],
    ["names with blanks and letters of any language", { ...place, user: "müller a", database: "a/b ç" }],
    ["an IPv6 address", { ...place, host: "::1" }],
    ["encryption", { ...place, tls: { sslmode: "require" as const } }],
  ])("says the same as its parts: %s", (_what, parts) => {
    expect(placeOf(urlOf(parts))).toEqual(parts);
  });

  it("names the file of authorities, which is read when it is used", () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "cdc-")), "c a.pem");
    fs.writeFileSync(file, "PEM");
    const tls = { sslmode: "verify-full" as const, ca: "PEM" };
    const url = urlOf({ ...place, tls }, file);
    expect(url).toBe(
      `postgresql://cdc:secret@db.example:6432/shop?sslmode=verify-full&sslrootcert=${encodeURIComponent(file)}`,
    );
    expect(placeOf(url)).toEqual({ ...place, tls });
  });

  it("has the usual port where it says none", () => {
    expect(placeOf("postgresql://a:b@db/x").port).toBe(5432);
  });
});

describe("a connection to a database", () => {
  it.each([
    [undefined, false],
    [{ sslmode: "require" as const }, { rejectUnauthorized: false }],
    [{ sslmode: "verify-full" as const, ca: "PEM" }, { ca: "PEM" }],
  ])("%j is encrypted as libpq would", (tls, ssl) => {
    expect(connectionTo({ ...place, tls }).ssl).toEqual(ssl);
  });

  it("with verify-ca trusts the authority's certificate for any host", () => {
    const { ssl } = connectionTo({ ...place, tls: { sslmode: "verify-ca", ca: "PEM" } });
    expect(ssl).toMatchObject({ ca: "PEM" });
    expect((ssl as { checkServerIdentity: () => unknown }).checkServerIdentity()).toBeUndefined();
  });
});
