import { once } from "node:events";
import * as net from "node:net";
import { expect, it } from "vitest";
import { KafkaUnreachable, topicAdmin } from "../../../providers/kafka-topics/admin";

it("tells a Kafka that is down from one that refuses", async () => {
  const listener = net.createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as net.AddressInfo;
  listener.close();
  await once(listener, "close");

  const admin = topicAdmin({ bootstrapServers: `127.0.0.1:${port}` });
  const failure = await admin.describe(["a.b.one"]).catch((error) => error);
  await admin.close();
  expect(failure).toBeInstanceOf(KafkaUnreachable);
  expect(failure.message).toBe(
    `Kafka at 127.0.0.1:${port} does not answer: connect ECONNREFUSED 127.0.0.1:${port}`,
  );
});
