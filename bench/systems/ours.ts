/** This project as it is, with its defaults. */
import { Stack } from "./stack";
import { type System, TABLE } from "./system";

export function ours(): System {
  const stack = new Stack("e2e-bench", 27_000);
  return {
    name: "ours",
    stack,
    tables: [
      {
        title: "flattened",
        folder: `public/${TABLE}`,
        timeColumn: "payload.after.customerPassword",
      },
      { title: "current state", folder: `tables/public/${TABLE}`, timeColumn: "customerPassword" },
    ],
    checkpoint: "_checkpoints/streaming_from_kafka_to_minio",
    configure: () => stack.configure(),
    prepare: async () => {},
    stopJob: async () => {
      const { streamingJobName } = await stack.outputs();
      await stack.exec("spark-client", ["application", "stop", streamingJobName]);
    },
    startJob: async () => {
      const { streamingJobName } = await stack.outputs();
      await stack.exec("spark-client", ["application", "start", streamingJobName]);
    },
  };
}
