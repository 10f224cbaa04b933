import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { serviceFiles } from "../../../providers/spark-application/deployment";
import { applicationInputs } from "./application-inputs";

function file(path: string, changes = {}): string {
  return serviceFiles(applicationInputs(changes)).find((one) => one.path === path)?.content ?? "";
}

/** The words that a shell makes of the run script's command. */
function words(script: string): string[] {
  const printing = script.replace("exec run-driver", "printf '%s\\n'");
  return execFileSync("sh", ["-c", printing], { encoding: "utf8" }).trimEnd().split("\n");
}

describe("the service directory", () => {
  it("submits the main file with the application's arguments, name and status file", () => {
    expect(words(file("run", { submitArguments: ["--conf", "spark.cores.max=1"] }))).toEqual([
      "orders",
      "spark-submit",
      "--conf",
      "spark.cores.max=1",
      "/opt/examples/orders/main.py",
      "--topics",
      "a.b.c",
      "--name",
      "orders",
      "--status-file",
      "/srv/applications/orders/status.json",
    ]);
  });

  it("hands every argument on as it is, whatever the shell would make of it", () => {
    const hostile = ["1 second", "it's", "$(reboot)", "`id`", '"', "a;b", "*", "", "ü"];
    expect(words(file("run", { arguments: hostile })).slice(3, 3 + hostile.length)).toEqual(hostile);
  });

  it("remembers what was deployed, so that drift can be seen", () => {
    const inputs = applicationInputs();
    expect(JSON.parse(file("deployment.json", inputs))).toEqual({
      codeHash: inputs.codeHash,
      installFolder: "orders",
      mainFile: "main.py",
      arguments: ["--topics", "a.b.c"],
      submitArguments: [],
    });
  });
});
