/** The configuration changed to other values, and to some that take resources away. */
import * as os from "node:os";
import { describe, expect, it } from "vitest";
import { isEqual, ROTATED } from "./rotation";
import { standingStack } from "./standing-stack";
import { OTHER_VALUES } from "./values";

const { stack, run, comesBack } = standingStack();

describe("the configuration", () => {
  it("is changed as a whole, and back", async () => {
    stack.configure(OTHER_VALUES);
    await comesBack();
    stack.configure();
    await comesBack();
    await isEqual(stack);
  });

  it("takes resources away, as the preview said, and leaves the others alone", async () => {
    stack.configure({ sparkWorkers: 2 });
    await comesBack();
    const ids = () => stack.docker("ps", "-a", "--no-trunc", "--format", "{{.ID}} {{.Names}}");
    const before = await ids();
    stack.configure({ supervisor: false });
    for (const verb of ["preview", "up"]) {
      const text = await run(verb);
      for (const name of ["supervisor-container", "spark-worker-container-2"]) {
        expect(text).toMatch(new RegExp(`${name}.*delet|delet.*${name}`, "i"));
      }
    }
    const gone = new RegExp(` (${stack.container("supervisor")}|${stack.container("spark-worker-2")})$`);
    expect(await ids()).toEqual(before.filter((line) => !gone.test(line)));
    stack.configure();
    await comesBack();
  });

  it("publishes on an address of the network, which the broker tells its clients", async () => {
    const address = Object.values(os.networkInterfaces())
      .flatMap((all) => all ?? [])
      .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
    expect(address, "an address of this machine").toBeDefined();
    stack.configure({ bindAddress: address });
    const refused = await stack.npmRun("preview");
    expect(refused.exitCode).toBe(1);
    expect(refused.text).toContain("cdc:postgresPassword, cdc:minioRootPassword, cdc:lakeSecretKey");
    stack.configure({ bindAddress: address, ...ROTATED });
    const text = await run("up");
    const broker = `${address}:${stack.port(29092)}`;
    expect(text).toContain(broker);
    const versions = await stack.exec("kafka", [
      ...["/kafka/bin/kafka-broker-api-versions.sh", "--bootstrap-server", broker],
    ]);
    expect(versions.split("\n")[0]).toContain(broker);
    await isEqual(stack);
    stack.configure();
    await comesBack();
  });
});
