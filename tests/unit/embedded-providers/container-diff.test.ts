import { describe, expect, test } from "vitest";
import { type Properties, UNKNOWN } from "../../../embedded/provider";
import { containerDiff } from "../../../embedded/providers/docker/container-diff";

const inputs: Properties = {
  name: "kafka",
  image: "sha256:1",
  envs: ["A=1", "B=2"],
  labels: [
    { label: "cdc.stack", value: "dev" },
    { label: "cdc.service", value: "kafka" },
  ],
  ports: [{ internal: 9092, external: 9092, ip: "127.0.0.1" }],
  networksAdvanced: [{ name: "net", aliases: ["kafka", "broker"] }],
  capabilities: { adds: ["CHOWN"], drops: ["ALL"] },
  healthcheck: { tests: ["CMD", "true"] },
  memory: 100,
};
const diff = (change: Properties, outputs: Properties = { mustRun: true }) =>
  containerDiff(inputs, outputs, { ...inputs, ...change });

describe("a container's diff", () => {
  test("is empty for the same wishes in another order or with the defaults spelled out", () => {
    const same = diff({
      envs: ["B=2", "A=1"],
      labels: [...(inputs.labels as unknown[])].reverse(),
      ports: [{ protocol: "tcp", ip: "127.0.0.1", external: 9092, internal: 9092 }],
      networksAdvanced: [{ aliases: ["broker", "kafka"], name: "net" }],
      mustRun: true,
      restart: "no",
      wait: false,
      volumes: [],
    });
    expect(same).toEqual({ changed: [], replaces: [], deleteBeforeReplace: true });
  });

  test.each(["restart", "memory", "memorySwap", "cpuShares", "destroyGraceSeconds", "waitTimeout", "wait"])(
    "updates %s in place",
    (name) => {
      expect(diff({ [name]: name === "restart" ? "always" : name === "wait" ? true : 7 })).toMatchObject({
        changed: [name],
        replaces: [],
      });
    },
  );

  test.each([
    ["image", "sha256:2"],
    ["image", UNKNOWN],
    ["name", "other"],
    ["command", ["x"]],
    ["envs", ["A=1"]],
    ["uploads", [{ file: "/a", content: "b" }]],
    ["labels", []],
    ["healthcheck", { tests: ["CMD", "false"] }],
    ["capabilities", { drops: ["ALL"] }],
    ["ports", [{ internal: 9092, external: 9093, ip: "127.0.0.1" }]],
  ])("replaces for a changed %s, the old one first", (name, value) => {
    expect(diff({ [name]: value })).toEqual({ changed: [name], replaces: [name], deleteBeforeReplace: true });
  });

  test("replaces a container that was last seen stopped or never became usable", () => {
    expect(diff({}, { mustRun: false })).toMatchObject({ changed: ["mustRun"], replaces: ["mustRun"] });
  });

  test("leaves a stopped one alone when it need not run", () => {
    const idle = { ...inputs, mustRun: false };
    expect(containerDiff(idle, { mustRun: false }, idle)).toMatchObject({ changed: [] });
  });
});
