import { describe, expect, it } from "vitest";
import { driverError } from "../../../providers/spark-application/driver-error";

describe("a driver's log without a status", () => {
  it("gives the last line of a Python traceback", () => {
    const log = `WARNING: Using incubator modules
Traceback (most recent call last):
  File "/opt/examples/streaming/main.py", line 9, in <module>
    from cdc.application import run
ModuleNotFoundError: No module named 'cdc'
2026-11-23 17:30:25 INFO ShutdownHookManager: Shutdown hook called`;
    expect(driverError(log)).toBe("ModuleNotFoundError: No module named 'cdc'");
  });

  it("gives a Java exception with its last cause", () => {
    const log = `Exception in thread "main" org.apache.spark.SparkException: Job aborted
\tat org.apache.spark.A.b(A.scala:1)
Caused by: java.io.IOException: middle
\tat c.d(E.java:2)
Caused by: java.net.UnknownHostException: minio`;
    expect(driverError(log)).toBe(
      'Exception in thread "main" org.apache.spark.SparkException: Job aborted\nCaused by: java.net.UnknownHostException: minio',
    );
  });

  it("gives the argument parser's complaint", () => {
    const log =
      "usage: main.py [-h]\nmain.py: error: argument --trigger: expected a duration, found 'soon'\n";
    expect(driverError(log)).toBe("main.py: error: argument --trigger: expected a duration, found 'soon'");
  });

  it("gives the newest failure of several", () => {
    expect(driverError("ValueError: first\nstarting again\nValueError: second\n")).toBe("ValueError: second");
  });

  it("gives its last lines when nothing looks like an error", () => {
    expect(driverError("one\ntwo\n")).toBe("one\ntwo");
    expect(driverError("")).toBe("its log is empty");
  });
});
