import { SparkClient } from "../../../providers/spark-application/client";
import { StreamingQuery } from "../../../readers/lake/streaming-query";
import { checkJob, Trouble, waitForJob } from "../../../readers/wait";
import type { Hop } from "../hop";

export const streamingJob: Hop = {
  name: "Streaming job",
  services: ["spark-master", "spark-worker", "spark-client"],
  async follow(journey) {
    const { platform, topics, bucket, connect, tables } = journey;
    await checkJob(new SparkClient(platform.sparkClientContainer), platform, new Trouble());
    const query = await StreamingQuery.of(bucket, platform.streamingJobCheckpoint, await topics.clusterId());
    const ends = await topics.writtenEnds(tables.map(({ topic }) => topic));
    const position = await waitForJob({ platform, connect, topics, query }, ends, journey.waiting());
    return position
      ? `it read every message that was there (micro-batch ${position.batchId})`
      : "it runs; there is no message yet";
  },
};
