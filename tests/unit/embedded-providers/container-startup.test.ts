import type Docker from "dockerode";
import { describe, expect, test } from "vitest";
import { demultiplexed, diagnosisText } from "../../../embedded/providers/docker/container-diagnosis";
import { judge } from "../../../embedded/providers/docker/container-startup";

function starting(
  state: Partial<Docker.ContainerInspectInfo["State"]>,
  RestartCount = 0,
): Docker.ContainerInspectInfo {
  return {
    RestartCount,
    HostConfig: { Memory: 64 << 20 },
    State: {
      Status: "running",
      Running: true,
      Restarting: false,
      OOMKilled: false,
      ExitCode: 0,
      Error: "",
      ...state,
    },
  } as unknown as Docker.ContainerInspectInfo;
}
const health = (Status: string, FailingStreak = 0) => ({ Health: { Status, FailingStreak, Log: [] } });

describe("a container that was just started", () => {
  test("is ready once healthy, or running when nobody waits for its health", () => {
    expect(judge(starting(health("starting")), true).state).toBe("waiting");
    expect(judge(starting(health("healthy")), true).state).toBe("ready");
    expect(judge(starting(health("starting")), false).state).toBe("ready");
  });

  test("has failed as soon as it cannot become usable any more", () => {
    const why = (live: Docker.ContainerInspectInfo) => {
      const verdict = judge(live, true);
      return verdict.state === "failed" ? verdict.why : verdict.state;
    };
    expect(why(starting({ Status: "exited", Running: false, ExitCode: 1 }))).toBe("exited with code 1");
    expect(why(starting(health("unhealthy", 20)))).toBe(
      "is unhealthy: its health check failed 20 times in a row",
    );
    expect(why(starting({ OOMKilled: true }))).toBe("ran out of memory (limit 64 MB)");
    expect(why(starting({ Restarting: true, ExitCode: 2 }, 2))).toBe(
      "keeps crashing (exit code 2, restarted 2 times)",
    );
  });

  test("is forgiven one crash, during which Docker calls it unhealthy", () => {
    expect(judge(starting({ Restarting: true, ...health("unhealthy") }, 1), true).state).toBe("waiting");
    expect(judge(starting(health("starting"), 1), true).state).toBe("waiting");
  });
});

describe("the message about a container that is not usable", () => {
  test("has the cause, what the health check said, and the end of the log", () => {
    const text = diagnosisText("kafka", {
      why: "exited with code 1",
      health: "no broker (exit code 1)",
      log: ["a", "b"],
    });
    expect(text).toBe(
      [
        "container kafka exited with code 1.",
        "  last health check: no broker (exit code 1)",
        "  end of its log:",
        "    a",
        "    b",
        "  The container is left for a look (docker logs kafka); the next up replaces it.",
      ].join("\n"),
    );
  });

  test("reads a log in Docker's frames, and one from a terminal", () => {
    const frame = (stream: number, text: string) => {
      const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
      header.writeUInt32BE(Buffer.byteLength(text), 4);
      return Buffer.concat([header, Buffer.from(text)]);
    };
    expect(demultiplexed(Buffer.concat([frame(1, "out\n"), frame(2, "errör\n")]))).toBe("out\nerrör\n");
    expect(demultiplexed(Buffer.from("plain text of a terminal\n"))).toBe("plain text of a terminal\n");
    expect(demultiplexed(Buffer.from("short"))).toBe("short");
  });
});
