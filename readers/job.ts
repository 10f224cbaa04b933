/** Whether the streaming job runs, as its container on this machine says. */
import { SparkClient } from "../providers/spark-application/client";
import type { Platform } from "../stack/platform";
import { Obstacle } from "./obstacle";
import { Trouble } from "./trouble";

/** @returns looks at the job; throws an Obstacle when it will not catch up by itself */
export function jobCheck(platform: Platform): () => Promise<void> {
  const client = new SparkClient(platform.sparkClientContainer);
  const trouble = new Trouble();
  const name = platform.streamingJobName;
  const fix = `Run \`npm run refresh\`, then \`npm run up\`; or \`docker exec ${platform.sparkClientContainer} application start ${name}\`.`;
  return async () => {
    const state = await client.state(name).catch((error: Error) => {
      throw new Obstacle(`The streaming job's container does not answer: ${error.message}.`, fix);
    });
    if (!state) throw new Obstacle(`The streaming job ${name} is not deployed.`, fix);
    if (!state.wantedUp) {
      throw new Obstacle(`The streaming job ${name} is stopped, so the lake cannot catch up.`, fix);
    }
    if (trouble.lasts(!state.up || state.failures > 0)) {
      const why = state.lastRun?.error ?? state.status?.error;
      throw new Obstacle(
        `The streaming job ${name} keeps failing${why ? `: ${why}` : ""}.`,
        `\`docker exec ${platform.sparkClientContainer} application log ${name}\` shows its log.`,
      );
    }
  };
}
