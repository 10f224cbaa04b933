import { describe, expect, it } from "vitest";
import { isPassingAnswer, isPassingNetworkError } from "../../../../providers/kafka-connect/rest/answers";
import { describeRejection } from "../../../../providers/kafka-connect/rest/rejection";
import { redactor } from "../../../../providers/kafka-connect/text/redaction";

const refusal = (...errors: string[]) =>
  `Connector configuration is invalid and contains the following ${errors.length} error(s):\n${errors.join("\n")}\n` +
  "You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`";

describe("a refused config", () => {
  it("is told property by property as the validation endpoint found it", () => {
    const validation = [
      { property: "topic.prefix", errors: ["The 'topic.prefix' value is invalid: A value is required"] },
      { property: "slot.name", errors: ["Invalid value A-B", "Invalid value A-B"] },
    ];
    expect(describeRejection({}, refusal("whatever"), validation)).toEqual([
      'config["topic.prefix"]: A value is required',
      'config["slot.name"]: Invalid value A-B',
    ]);
  });

  it("is told in Connect's words, with the properties that they quote, when that endpoint gives nothing", () => {
    const message = refusal(
      "The 'database.hostname' value is invalid: A value is required",
      'Missing required configuration "file" which has no default value.',
      "Invalid value x for configuration tasks.max: Not a number of type INT",
      "Something else",
    );
    expect(describeRejection({}, message, [])).toEqual([
      'config["database.hostname"]: A value is required',
      'config["file"]: Missing required configuration "file" which has no default value.',
      'config["tasks.max"]: Invalid value x for configuration tasks.max: Not a number of type INT',
      "Something else",
    ]);
  });

  it.each([
    ["database.password", 'FATAL: password authentication failed for user "nobody"'],
    ["database.user", 'FATAL: role "nobody" does not exist'],
    ["database.dbname", 'FATAL: database "nodb" does not exist'],
    ["database.hostname", "The connection attempt failed."],
  ])("is blamed on %s where Debezium only says that it cannot connect: %s", (property, text) => {
    const config = { "database.hostname": "postgresql" };
    const errors = [`Error while validating connector config: ${text}`];
    const [line] = describeRejection(config, "", [{ property: "database.hostname", errors }]);
    expect(line).toContain(`config["${property}"]: ${text}`);
  });
});

describe("an answer", () => {
  const missing = { error_code: 404, message: "Connector a not found" };

  it.each([
    ["409", 409, undefined],
    ["503", 503, undefined],
    ["404 from a web server that has no routes yet", 404, "<html>"],
    [
      "500 for a rebalance",
      500,
      { error_code: 500, message: "Request timed out. The worker is currently rebalancing" },
    ],
    ["500 without a word", 500, undefined],
  ])("that passes by itself is asked for again: %s", (_what, status, body) => {
    expect(isPassingAnswer(status, body, 0)).toBe(true);
  });

  it.each([
    ["400", 400, undefined],
    ["401", 401, undefined],
    ["Connect's own 404", 404, missing],
    [
      "500 for a class that is not there",
      500,
      { message: "Failed to find any class that implements Connector" },
    ],
  ])("that will stay the same is final: %s", (_what, status, body) => {
    expect(isPassingAnswer(status, body, 0)).toBe(false);
  });

  it("that stays an unexplained 500 is final after a few repetitions", () => {
    expect(isPassingAnswer(500, { message: "NullPointerException" }, 3)).toBe(true);
    expect(isPassingAnswer(500, { message: "NullPointerException" }, 4)).toBe(false);
  });

  it("that never comes is waited for, except from a host that does not exist", () => {
    expect(isPassingNetworkError("ECONNREFUSED")).toBe(true);
    expect(isPassingNetworkError("ENOTFOUND")).toBe(false);
  });
});

describe("a message", () => {
  it("is cleared of passwords from config and database, but not of placeholders", () => {
    const hide = redactor({
      config: { "database.password": `\${file:/a:b}`, "ssl.key.password": "open-sesame" },
      database: { user: "u", password: "hunter2" },
    });
    expect(hide(`hunter2 open-sesame \${file:/a:b}`)).toBe(`[secret] [secret] \${file:/a:b}`);
  });

  it("hides the password with which one signs in to Kafka", () => {
    const hide = redactor({ kafkaSecurity: { signIn: { user: "cdc", password: "hunter3" } } });
    expect(hide("cdc hunter3")).toBe("cdc [secret]");
  });

  it("stays readable when user and password are the same word", () => {
    const hide = redactor({ database: { user: "postgres", password: "postgres" } });
    expect(hide('role "postgres"')).toBe('role "postgres"');
  });
});
