import { describe, expect, it } from "vitest";
import { addressOf } from "../../../../providers/kafka-connect/import-id";
import { asLsn } from "../../../../providers/kafka-connect/position";
import { HIDDEN, liveConfig } from "../../../../providers/kafka-connect/rest/live-config";

describe("a config read back", () => {
  const recorded = {
    "database.password": "hunter2",
    "slot.name": "cdc",
    "driver.token": `\${file:/s:token}`,
  };

  it("is the one recorded when nothing changed, secrets and references included", () => {
    expect(liveConfig({ name: "a", ...recorded }, recorded)).toEqual(recorded);
  });

  it("shows what was changed by hand, but no secret", () => {
    const live = {
      ...recorded,
      "database.password": "other",
      "slot.name": "x",
      "driver.token": "in clear",
      "some.secret": "new",
    };
    expect(liveConfig(live, recorded)).toEqual({
      "database.password": HIDDEN,
      "slot.name": "x",
      "driver.token": HIDDEN,
      "some.secret": HIDDEN,
    });
  });

  it("takes a masked secret, which cannot be compared, for unchanged", () => {
    expect(liveConfig({ ...recorded, "database.password": "********" }, recorded)).toEqual(recorded);
  });
});

describe("the address of a connector", () => {
  it("is taken apart, or asked for", () => {
    expect(addressOf("http://localhost:8083/connectors/a%20b")).toEqual({
      connectUrl: "http://localhost:8083",
      name: "a b",
    });
    expect(() => addressOf("my-connector")).toThrow(
      "give its address, such as http://localhost:8083/connectors/my-connector",
    );
  });
});

describe("a log position", () => {
  it("is written as PostgreSQL writes it", () => {
    expect(asLsn(24699240)).toBe("0/178E168");
    expect(asLsn(2 ** 32 + 255)).toBe("1/FF");
  });
});
