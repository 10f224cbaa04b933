/** A Spark client without a container: plays back the states that the driver goes through. */
import type { SparkClient } from "../../../providers/spark-application/client";
import type { DriverState } from "../../../providers/spark-application/driver-state";

export const RUNNING: DriverState = {
  up: true,
  wantedUp: true,
  failures: 0,
  status: { state: "running", applicationId: "app-1", queryId: "q-1" },
  lastRun: null,
  stateAtMaster: "RUNNING",
  deployment: null,
};

export const STARTING: DriverState = { ...RUNNING, status: null, stateAtMaster: null };

export class FakeClient implements Pick<SparkClient, keyof SparkClient> {
  /** What was done to the container, in order. */
  readonly calls: string[] = [];
  readonly files = new Map<string, string>();
  logText = "";

  /** `states`: what the next looks find; the last one stays. */
  constructor(private readonly states: (DriverState | undefined | Error)[]) {}

  async state() {
    const state = this.states.length > 1 ? this.states.shift() : this.states[0];
    if (state instanceof Error) throw state;
    return state;
  }

  async putCode(folder: string, files: readonly { path: string; content: Buffer }[]) {
    this.calls.push("putCode");
    for (const { path, content } of files) this.files.set(`code/${folder}/${path}`, content.toString());
  }

  async putService(name: string, files: readonly { path: string; content: string }[]) {
    this.calls.push("putService");
    for (const { path, content } of files) this.files.set(`${name}/${path}`, content);
  }

  async start() {
    this.calls.push("start");
  }

  async stop() {
    this.calls.push("stop");
  }

  async remove() {
    this.calls.push("remove");
  }

  async log() {
    return this.logText;
  }
}
