/** What follows from the largest row (configuration value cdc:maxRowSize), in one place: limits of messages, heaps, containers. */

const MB = 1024 * 1024;
const USUAL_MB = 16;

/** A JVM's largest heap and its container's limit, in MB. */
export interface JvmMemory {
  readonly heap: number;
  readonly container: number;
}

export interface RowSizes {
  /** The largest message, for broker, topics and producer. */
  readonly messageBytes: number;
  /** The largest that the converter lets go: beside it a batch has its key and headers. */
  readonly valueBytes: number;
  /** What the connector's producer may hold of messages that are under way. */
  readonly producerBytes: number;
  readonly kafka: JvmMemory;
  readonly kafkaConnect: JvmMemory;
  /** Heap of a driver; the container has its Python process as well. */
  readonly sparkClient: JvmMemory;
  /** Heap of an executor; the container has the worker's own process as well. */
  readonly sparkWorker: JvmMemory;
  readonly postgresql: number;
}

/**
 * @param maxRowSize such as `16MB`: a row as text, as PostgreSQL prints it
 *
 * A change has its row twice where the replica identity is FULL, and JSON's escapes and the envelope come on top: a message is two and a half
 * rows. Connect holds a change as the log's bytes, as values, as JSON and in the producer, each with both rows, beside what waits in its queue; the broker a message that comes
 * in beside one that goes out; Spark a message as bytes, as a row, and in Arrow's buffers.
 */
export function rowSizes(maxRowSize: string): RowSizes {
  const row = Number.parseInt(maxRowSize, 10);
  const message = Math.ceil(row * 2.5);
  // Memory is for many rows too: smaller ones do not make it less (Spark does not even start with a heap below 450 MB).
  const heldRow = Math.max(row, USUAL_MB);
  const held = Math.ceil(heldRow * 2.5);
  const kafka = 144 + 2 * held;
  const kafkaConnect = 560 + 16 * heldRow;
  const spark = 312 + 5 * held;
  const more = held - USUAL_MB * 2.5;
  return {
    messageBytes: message * MB,
    valueBytes: message * MB - 64 * 1024,
    producerBytes: (message + 40) * MB,
    kafka: { heap: kafka, container: kafka + 288 },
    kafkaConnect: { heap: kafkaConnect, container: kafkaConnect + 608 },
    sparkClient: { heap: spark, container: 2496 + 10 * more },
    sparkWorker: { heap: spark, container: spark + 1024 },
    postgresql: 448 + 6 * (heldRow - USUAL_MB),
  };
}
