/** Another legal value for each configuration value, or why the lifecycle test has none. */
export const OTHER_VALUES: Record<string, unknown> = {
  connectorOverrides: { "snapshot.fetch.size": 5_000 },
  connectorState: "paused",
  gaps: "report",
  maxSlotWalKeepSize: "5GB",
  maxRowSize: "8MB",
  rowsTooLarge: "setAside",
  slotLagAlarm: "2GB",
  supervisor: false,
  supervisorBackoffUnit: 61,
  sparkWorkers: 2,
  triggerInterval: "2 seconds",
  flattenedTables: false,
  deletedRows: "keep",
  onSchemaChange: "ignore",
  valuesOutOfRange: "reject",
  lakeRetention: "2 hours",
  minioRootUser: "another-admin",
};

export const NOT_CHANGED: Record<string, string> = {
  namePrefix: "the tests find containers by it",
  portOffset: "the tests find ports by it",
  bindAddress: "has a test of its own",
  kafkaMetadata: "the walkthrough with KRaft has it",
  connectorConfig: "a path; what is in the file is changed by connectorOverrides",
  connectorOffsets: "the connector's test has it",
  sourceSchema: "a path; the operations test changes tables",
  bucket: "another bucket is another lake",
  tableKeys: "the lake tables' test has it",
  images: "no registry to take one from",
  caCertificates: "builds every image anew",
};
