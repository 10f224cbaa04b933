/** What the program takes as configuration, and how it says what it does not. */
import { describe, expect, it } from "vitest";
import { runProgram } from "./components/program";
import retentions from "./retentions.json";

describe("a value", () => {
  it.each([
    ["bindAddress", "999.999.1.1", /cdc:bindAddress is "999\.999\.1\.1": it has to be an IPv4 address/],
    ["bindAddress", "localhost", /cdc:bindAddress/],
    ["portOffset", "35001", /cdc:portOffset is "35001": it has to be between 0 and 35000/],
    ["walkthroughPasswords", "yes", /cdc:walkthroughPasswords is "yes": it has to be true or false/],
  ])("of %s, %s, is refused in words", async (key, value, message) => {
    await expect(runProgram("dev", { [key]: value })).rejects.toThrow(message);
  });

  // The job's own test takes the same list: spark/tests/lake/test_retention.py.
  it.each(retentions.taken)("of lakeRetention, %j, is taken as the job takes it", async (text) => {
    const program = await runProgram("dev", { lakeRetention: text });
    expect(program.named("streaming-job-application").inputs.arguments).toContain(text);
  });

  it.each(retentions.refused)("of lakeRetention, %j, is refused as the job refuses it", async (text) => {
    await expect(runProgram("dev", { lakeRetention: text })).rejects.toThrow(/cdc:lakeRetention/);
  });
});

describe("secrets", () => {
  it("that a stack lacks are named all at once, with what gives them", async () => {
    const message =
      /Stack blue has no cdc:postgresPassword, cdc:lakeSecretKey\. .*npm run up -- --stack blue.*npm run set-secret -- postgresPassword --stack blue --stdin/s;
    const given = { walkthroughPasswords: "false", minioRootPassword: "a password" };
    await expect(runProgram("blue", given)).rejects.toThrow(message);
  });

  it("that are not acceptable are refused without being shown", async () => {
    const refusal = await runProgram("dev", { lakeSecretKey: "seven77" }).catch((error) => error.message);
    expect(refusal).toMatch(
      /cdc:lakeSecretKey is not acceptable: it has to be between 8 and 40 characters long/,
    );
    expect(refusal).not.toContain("seven77");
  });
});
