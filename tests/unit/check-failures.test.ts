import { describe, expect, it } from "vitest";
import { withoutValues } from "../../providers/check-failures";
import { provider as connector } from "../../providers/kafka-connect/provider";
import { provider as topics } from "../../providers/kafka-topics/provider";
import { provider as application } from "../../providers/spark-application/provider";

describe("what is wrong with inputs", () => {
  it("is told without the property, whose value Pulumi would show, and names it in words", () => {
    expect(
      withoutValues([
        { property: 'config["slot.nam"]', reason: "is not a key of this connector" },
        { property: "", reason: "nobody answers" },
      ]),
    ).toEqual([
      { property: "", reason: 'config["slot.nam"]: is not a key of this connector' },
      { property: "", reason: "nobody answers" },
    ]);
  });

  it.each([
    ["connector", connector, "connectUrl"],
    ["topics", topics, "bootstrapServers"],
    ["application", application, "containerName"],
  ])("of a %s is told so, for what is missing", async (_name, provider, missing) => {
    const { failures } = await provider.check({} as never, {} as never);
    expect(failures?.length).toBeGreaterThan(0);
    expect(failures?.map(({ property }) => property)).toEqual(failures?.map(() => ""));
    expect(failures?.some(({ reason }) => reason.startsWith(`${missing}: `))).toBe(true);
  });
});
