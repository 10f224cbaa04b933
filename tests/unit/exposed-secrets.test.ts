import { describe, expect, it } from "vitest";
import { exposedSecrets, exposure } from "../../exposed-secrets";

const WELL_KNOWN = { postgresPassword: "postgres", lakeSecretKey: "lake-secret-key" };
const exposed = (bindAddress: string, set: Record<string, string>) =>
  exposedSecrets(bindAddress, (name) => set[name], WELL_KNOWN);

describe("passwords that everyone knows", () => {
  it("are fine on the loopback", () => {
    expect(exposed("127.0.0.1", {})).toEqual([]);
    expect(exposed("127.0.0.2", WELL_KNOWN)).toEqual([]);
  });

  it.each(["0.0.0.0", "192.168.1.20", "12.7.0.1"])(
    "are exposed on %s, also where they are written down",
    (address) => {
      expect(exposed(address, {})).toEqual(["postgresPassword", "lakeSecretKey"]);
      expect(exposed(address, { ...WELL_KNOWN, lakeSecretKey: "of-its-own" })).toEqual(["postgresPassword"]);
      // One of the others is as good as one's own.
      expect(exposed(address, { postgresPassword: "lake-secret-key", lakeSecretKey: "of-its-own" })).toEqual([
        "postgresPassword",
      ]);
      expect(exposed(address, { postgresPassword: "of-its-own", lakeSecretKey: "as-well-known" })).toEqual(
        [],
      );
    },
  );

  it("are named, with the commands that give others", () => {
    const text = exposure("0.0.0.0", ["postgresPassword"], "lan");
    expect(text).toMatch(/cdc:bindAddress is 0\.0\.0\.0.*cdc:postgresPassword/);
    expect(text).toContain("npm run set-secret -- postgresPassword --stack lan\n");
    expect(text).not.toContain("lakeSecretKey");
  });
});
