import { jobCheck } from "../../../readers/job";
import { StreamingQuery } from "../../../readers/lake/streaming-query";
import { waitForJob } from "../../../readers/wait";
import type { Hop } from "../hop";

export const streamingJob: Hop = {
  name: "Streaming job",
  services: ["spark-master", "spark-worker", "spark-client"],
  async follow(journey) {
    const { platform, topics, bucket, tables } = journey;
    const checkJob = jobCheck(platform);
    await checkJob();
    const query = await StreamingQuery.of(bucket, platform.streamingJobCheckpoint, await topics.clusterId());
    const ends = await topics.writtenEnds(tables.map(({ topic }) => topic));
    const position = await waitForJob({ query, checkJob }, ends, journey.waiting());
    return position
      ? `it read every message that was there (micro-batch ${position.batchId})`
      : "it runs; there is no message yet";
  },
};
