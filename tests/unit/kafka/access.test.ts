import { describe, expect, it } from "vitest";
import { clientOptions, javaClientSettings, type KafkaSecurity } from "../../../providers/kafka/access";

const SIGNED: KafkaSecurity = {
  protocol: "SASL_SSL",
  signIn: { mechanism: "SCRAM-SHA-512", user: "cdc", password: 'a"b\\c' },
  ca: "PEM",
};

describe("a client in Node.js", () => {
  it("of brokers that ask for nothing has their addresses", () => {
    expect(clientOptions({ bootstrapServers: "a:1, b:2" })).toEqual({ bootstrapBrokers: ["a:1", "b:2"] });
  });

  it("signs in, and trusts the authority that is named", () => {
    expect(clientOptions({ bootstrapServers: "a:1", security: SIGNED })).toEqual({
      bootstrapBrokers: ["a:1"],
      sasl: { mechanism: "SCRAM-SHA-512", username: "cdc", password: 'a"b\\c' },
      tls: { ca: "PEM" },
    });
  });

  it("trusts the authorities that everybody trusts where none is named, and encrypts nothing with SASL_PLAINTEXT", () => {
    expect(clientOptions({ bootstrapServers: "a:1", security: { protocol: "SSL" } })).toMatchObject({
      tls: {},
    });
    const plain = clientOptions({
      bootstrapServers: "a:1",
      security: { ...SIGNED, protocol: "SASL_PLAINTEXT" },
    });
    expect(plain).not.toHaveProperty("tls");
  });
});

describe("a client in Java", () => {
  it("of brokers that ask for nothing has no settings", () => {
    expect(javaClientSettings(undefined)).toEqual({});
  });

  it("signs in with any password, and trusts the authority that is named", () => {
    expect(javaClientSettings(SIGNED)).toEqual({
      "security.protocol": "SASL_SSL",
      "sasl.mechanism": "SCRAM-SHA-512",
      "sasl.jaas.config":
        'org.apache.kafka.common.security.scram.ScramLoginModule required username="cdc" password="a\\"b\\\\c";',
      "ssl.truststore.type": "PEM",
      "ssl.truststore.certificates": "PEM",
    });
  });

  it("signs in by PLAIN with that module", () => {
    const security = { ...SIGNED, signIn: { mechanism: "PLAIN", user: "u", password: "p" } } as const;
    expect(javaClientSettings(security)["sasl.jaas.config"]).toContain("plain.PlainLoginModule required");
  });
});
