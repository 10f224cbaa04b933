package cdc.connect;

/** Where schemas are kept that messages only refer to. */
interface SchemaStore {
  /**
   * Keeps a schema before a message refers to it.
   *
   * @param schema as JSON
   * @return what a message has in its place: what leads to it again
   * @throws org.apache.kafka.connect.errors.ConnectException when it cannot be kept
   */
  String put(byte[] schema);

  /**
   * @param reference what `put` returned, of this store or another
   * @return the schema as JSON
   * @throws org.apache.kafka.connect.errors.ConnectException when it cannot be found
   */
  byte[] get(String reference);
}
