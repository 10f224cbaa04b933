/**
 * Written by `npm run connector-schema`: what io.debezium.connector.postgresql.PostgresConnector 3.7.0.Final answers about its
 * keys. The documentation is the plugin's own (Debezium, Apache License 2.0). Do not edit.
 */
export interface DebeziumPostgresConfig {
  /**
   * Specify how binary (blob, binary, etc.) columns should be represented in change events, including: 'bytes'
   * represents binary data as byte array (default); 'base64' represents binary data as base64-encoded string;
   * 'base64-url-safe' represents binary data as base64-url-safe-encoded string; 'hex' represents binary data
   * as hex-encoded (base16) string
   * @default bytes
   */
  "binary.handling.mode"?: "base64" | "base64-url-safe" | "bytes" | "hex";
  /**
   * Regular expressions matching columns to exclude from change events
   */
  "column.exclude.list"?: string;
  /**
   * Regular expressions matching columns to include in change events
   */
  "column.include.list"?: string;
  /**
   * A comma-separated list of regular expressions matching fully-qualified names of columns that adds the
   * column’s original type and original length as parameters to the corresponding field schemas in the emitted
   * change records.
   */
  "column.propagate.source.type"?: string;
  /**
   * The action that Connect should take on the connector when changes in external configuration providers
   * result in a change in the connector's configuration properties. A value of 'none' indicates that Connect
   * will do nothing. A value of 'restart' indicates that Connect should restart/reload the connector with the
   * updated configuration properties.The restart may actually be scheduled in the future if the external
   * configuration provider indicates that a configuration value will expire in the future.
   * @default restart
   */
  "config.action.reload"?: "none" | "restart";
  /**
   * The maximum time in milliseconds to wait for connection validation to complete. Defaults to 60 seconds.
   * @default 60000
   */
  "connection.validation.timeout.ms"?: number;
  /**
   * Optional list of custom converters that would be used instead of default ones. The converters are defined
   * using '<converter.prefix>.type' config option and configured using options '<converter.prefix>.<option>'
   */
  converters?: string;
  /**
   * A comma-separated list of key-value pairs that are appended to the MBean object name. Keys must be valid
   * JMX ObjectName property keys. For example: k1=v1,k2=v2
   */
  "custom.metric.tags"?: string;
  /**
   * Regular expression identifying configuration keys whose values should be masked. When set, this custom
   * pattern replaces Debezium’s default password masking pattern.
   * @default
   * .*secret$|.*password$|.*sasl\.jaas\.config$|.*basic\.auth\.user\.info|.*registry\.auth\.client-secret|.*credentials\.json$|.*connectionstring$|.*connection\.string$
   */
  "custom.sanitize.pattern"?: string;
  /**
   * The name of the database from which the connector should capture changes
   */
  "database.dbname": string;
  /**
   * A comma-separated list of regular expressions that match database names to be excluded from monitoring
   */
  "database.exclude.list"?: string;
  /**
   * Resolvable hostname or IP address of the database server.
   */
  "database.hostname": string;
  /**
   * The databases for which changes are to be captured
   */
  "database.include.list"?: string;
  /**
   * A semicolon separated list of SQL statements to be executed when a JDBC connection to the database is
   * established. Note that the connector may establish JDBC connections at its own discretion, so this should
   * typically be used for configuration of session parameters only, but not for executing DML statements. Use
   * doubled semicolon (';;') to use a semicolon as a character and not as a delimiter.
   */
  "database.initial.statements"?: string;
  /**
   * Password of the database user to be used when connecting to the database.
   */
  "database.password"?: string;
  /**
   * Port of the database server.
   * @default 5432
   */
  "database.port"?: number;
  /**
   * Time to wait for a query to execute, given in milliseconds. Defaults to 600 seconds (600,000 ms); zero
   * means there is no limit.
   * @default 600000
   */
  "database.query.timeout.ms"?: number;
  /**
   * File containing the SSL Certificate for the client. See the Postgres SSL docs for further information
   */
  "database.sslcert"?: string;
  /**
   * A name of class to that creates SSL Sockets. Use org.postgresql.ssl.NonValidatingFactory to disable SSL
   * validation in development environments
   */
  "database.sslfactory"?: string;
  /**
   * File containing the SSL private key for the client. See the Postgres SSL docs for further information
   */
  "database.sslkey"?: string;
  /**
   * Whether to use an encrypted connection to Postgres. Options include: 'disable' (the default) to use an
   * unencrypted connection; 'allow' to try and use an unencrypted connection first and, failing that, a secure
   * (encrypted) connection; 'prefer' (the default) to try and use a secure (encrypted) connection first and,
   * failing that, an unencrypted connection; 'require' to use a secure (encrypted) connection, and fail if one
   * cannot be established; 'verify-ca' like 'required' but additionally verify the server TLS certificate
   * against the configured Certificate Authority (CA) certificates, or fail if no valid matching CA
   * certificates are found; or 'verify-full' like 'verify-ca' but additionally verify that the server
   * certificate matches the host to which the connection is attempted.
   * @default prefer
   */
  "database.sslmode"?: "allow" | "disable" | "prefer" | "require" | "verify-ca" | "verify-full";
  /**
   * Password to access the client private key from the file specified by 'database.sslkey'. See the Postgres
   * SSL docs for further information
   */
  "database.sslpassword"?: string;
  /**
   * File containing the root certificate(s) against which the server is validated. See the Postgres JDBC SSL
   * docs for further information
   */
  "database.sslrootcert"?: string;
  /**
   * Enable or disable TCP keep-alive probe to avoid dropping TCP connection
   * @default true
   */
  "database.tcpKeepAlive"?: boolean;
  /**
   * Name of the database user to be used when connecting to the database.
   */
  "database.user": string;
  /**
   * A comma-separated list of regular expressions matching the database-specific data type names that adds the
   * data type's original type and original length as parameters to the corresponding field schemas in the
   * emitted change records.
   */
  "datatype.propagate.source.type"?: string;
  /**
   * Specify how DECIMAL and NUMERIC columns should be represented in change events, including: 'precise' (the
   * default) uses java.math.BigDecimal to represent values, which are encoded in the change events using a
   * binary representation and Kafka Connect's 'org.apache.kafka.connect.data.Decimal' type; 'string' uses
   * string to represent values; 'double' represents values using Java's 'double', which may not offer the
   * precision but will be far easier to use in consumers.
   * @default precise
   */
  "decimal.handling.mode"?: "double" | "precise" | "string";
  /**
   * If true, write each error and the details of the failed operation and problematic record to the Connect
   * application log. This is 'false' by default, so that only errors that are not tolerated are reported.
   * @default false
   */
  "errors.log.enable"?: boolean;
  /**
   * Whether to include in the log the Connect record that resulted in a failure. For sink records, the topic,
   * partition, offset, and timestamp will be logged. For source records, the key and value (and their
   * schemas), all headers, and the timestamp, Kafka topic, Kafka partition, source partition, and source
   * offset will be logged. This is 'false' by default, which will prevent record keys, values, and headers
   * from being written to log files.
   * @default false
   */
  "errors.log.include.messages"?: boolean;
  /**
   * The maximum number of retries on connection errors before failing (-1 = no limit, 0 = disabled, > 0 = num
   * of retries).
   * @default -1
   */
  "errors.max.retries"?: number;
  /**
   * The maximum duration in milliseconds between consecutive retry attempts. Jitter will be added to the delay
   * once this limit is reached to prevent thundering herd issues.
   * @default 60000
   */
  "errors.retry.delay.max.ms"?: number;
  /**
   * The maximum duration in milliseconds that a failed operation will be reattempted. The default is 0, which
   * means no retries will be attempted. Use -1 for infinite retries.
   * @default 0
   */
  "errors.retry.timeout"?: number;
  /**
   * Behavior for tolerating errors during connector operation. 'none' is the default value and signals that
   * any error will result in an immediate connector task failure; 'all' changes the behavior to skip over
   * problematic records.
   * @default none
   */
  "errors.tolerance"?: "all" | "none";
  /**
   * Specify how failures during converting of event should be handled, including: 'fail' throw an exception
   * that the column of event conversion is failed with unmatched schema type, causing the connector to be
   * stopped. it could need schema recovery to covert successfully; 'warn' (the default) the value of column of
   * event that conversion failed will be null and be logged with warn level; 'skip' the value of column of
   * event that conversion failed will be null and be logged with debug level.
   * @default warn
   */
  "event.converting.failure.handling.mode"?: "fail" | "skip" | "warn";
  /**
   * Specify how failures during processing of events (i.e. when encountering a corrupted event) should be
   * handled, including: 'fail' (the default) an exception indicating the problematic event and its position is
   * raised, causing the connector to be stopped; 'warn' the problematic event and its position will be logged
   * and the event will be skipped; 'ignore' the problematic event will be skipped.
   * @default fail
   */
  "event.processing.failure.handling.mode"?: "fail" | "ignore" | "skip" | "warn";
  /**
   * Permitted values are requested, required. If set to "required", forces a preflight check for the connector
   * to ensure that it can provide exactly-once semantics with the given configuration. Some connectors may be
   * capable of providing exactly-once semantics but not signal to Connect that they support this; in that
   * case, documentation for the connector should be consulted carefully before creating it, and the value for
   * this property should be set to "requested". Additionally, if the value is set to "required" but the worker
   * that performs preflight validation does not have exactly-once support enabled for source connectors,
   * requests to create or validate the connector will fail.
   * @default requested
   */
  "exactly.once.support"?: "requested" | "required";
  /**
   * The maximum time in milliseconds to wait for task executor to shut down.
   * @default 4000
   */
  "executor.shutdown.timeout.ms"?: number;
  /**
   * Enable/Disable Debezium context headers that provides essential metadata for tracking and identifying the
   * source of CDC events in downstream processing systems.
   * @default true
   */
  "extended.headers.enabled"?: boolean;
  /**
   * Specify how field names should be adjusted for compatibility with the message converter used by the
   * connector, including: 'avro' replaces the characters that cannot be used in the Avro type name with
   * underscore; 'avro_unicode' replaces the underscore or characters that cannot be used in the Avro type name
   * with corresponding unicode like _uxxxx. Note: _ is an escape sequence like backslash in Java;'none' does
   * not apply any adjustment (default)
   * @default none
   */
  "field.name.adjustment.mode"?: "avro" | "avro_unicode" | "none";
  /**
   * (Deprecated) Boolean to determine if Debezium should flush LSN in the source postgres database. Use
   * 'lsn.flush.mode' instead. A value of 'true' maps to 'connector' mode, 'false' maps to 'manual' mode.
   * @default true
   */
  "flush.lsn.source"?: boolean;
  /**
   * Specify the action to take when a guardrail collections limit is exceeded: 'warn' (the default) logs a
   * warning message and continues processing; 'fail' stops the connector with an error.
   * @default warn
   */
  "guardrail.collections.limit.action"?: "fail" | "warn";
  /**
   * The maximum number of collections or tables that can be captured by the connector. When this limit is
   * exceeded, the action specified by 'guardrail.collections.limit.action' will be taken. Set to 0 to disable
   * this guardrail.
   * @default 0
   */
  "guardrail.collections.max"?: number;
  /**
   * HeaderConverter class used to convert between Kafka Connect format and the serialized form that is written
   * to Kafka. This controls the format of the header values in messages written to or read from Kafka, and
   * since this is independent of connectors it allows any connector to work with any serialization format.
   * Examples of common formats include JSON and Avro. By default, the SimpleHeaderConverter is used to
   * serialize header values to strings and deserialize them by inferring the schemas.
   */
  "header.converter"?: string;
  /**
   * The query executed with every heartbeat.
   */
  "heartbeat.action.query"?: string;
  /**
   * Length of an interval in milli-seconds in in which the connector periodically sends heartbeat messages to
   * a heartbeat topic. Use 0 to disable heartbeat messages. Disabled by default.
   * @default 0
   */
  "heartbeat.interval.ms"?: number;
  /**
   * The prefix that is used to name heartbeat topics.Defaults to __debezium-heartbeat.
   * @default __debezium-heartbeat
   */
  "heartbeat.topics.prefix"?: string;
  /**
   * Specify how HSTORE columns should be represented in change events, including: 'json' represents values as
   * string-ified JSON (default); 'map' represents values as a key/value map
   * @default json
   */
  "hstore.handling.mode"?: "json" | "map";
  /**
   * Whether the connector parse table and column's comment to metadata object. Note: Enable this option will
   * bring the implications on memory usage. The number and size of ColumnImpl objects is what largely impacts
   * how much memory is consumed by the Debezium connectors, and adding a String to each of them can
   * potentially be quite heavy. The default is 'false'.
   * @default false
   */
  "include.schema.comments"?: boolean;
  /**
   * Specify whether the fields of data type not supported by Debezium should be processed: 'false' (the
   * default) omits the fields; 'true' converts the field into an implementation dependent binary
   * representation.
   * @default false
   */
  "include.unknown.datatypes"?: boolean;
  /**
   * Detect schema change during an incremental snapshot and re-select a current chunk to avoid locking DDLs.
   * Note that changes to a primary key are not supported and can cause incorrect results if performed during
   * an incremental snapshot. Another limitation is that if a schema change affects only columns' default
   * values, then the change won't be detected until the DDL is processed from the binlog stream. This doesn't
   * affect the snapshot events' values, but the schema of snapshot events may have outdated defaults.
   * @default false
   */
  "incremental.snapshot.allow.schema.changes"?: boolean;
  /**
   * The maximum size of chunk (number of documents/rows) for incremental snapshotting
   * @default 1024
   */
  "incremental.snapshot.chunk.size"?: number;
  /**
   * Specify the strategy used for watermarking during an incremental snapshot: 'insert_insert' both open and
   * close signal is written into signal data collection (default); 'insert_delete' only open signal is written
   * on signal data collection, the close will delete the relative open signal;
   * @default INSERT_INSERT
   */
  "incremental.snapshot.watermarking.strategy"?: "insert_delete" | "insert_insert";
  /**
   * Specify how INTERVAL columns should be represented in change events, including: 'string' represents values
   * as an exact ISO formatted string; 'numeric' (default) represents values using the inexact conversion into
   * microseconds
   * @default numeric
   */
  "interval.handling.mode"?: "numeric" | "string";
  /**
   * Converter class used to convert between Kafka Connect format and the serialized form that is written to
   * Kafka. This controls the format of the keys in messages written to or read from Kafka, and since this is
   * independent of connectors it allows any connector to work with any serialization format. Examples of
   * common formats include JSON and Avro.
   */
  "key.converter"?: string;
  /**
   * When enabled, uses the legacy table-per-thread parallel snapshot algorithm. When set to false (the
   * default), tables are split into chunks and processed across all snapshot threads, allowing for higher
   * concurrency for snapshots.
   * @default false
   */
  "legacy.snapshot.max.threads"?: boolean;
  /**
   * Determines the LSN flushing strategy. Options include: 'connector' (default) for Debezium managed LSN
   * flushing (replaces deprecated flush.lsn.source=true); 'manual' for externally managed LSN flushing
   * (replaces deprecated flush.lsn.source=false); 'connector_and_driver' for Debezium managed LSN flushing
   * with the pgjdbc driver flushing unmonitored LSNsusing server keepalive LSN, which prevents WAL growth on
   * low-activity databases.
   */
  "lsn.flush.mode"?: "connector" | "connector_and_driver" | "manual";
  /**
   * Action to take when an LSN flush timeout occurs. Options include: 'fail' (default) to fail the connector;
   * 'warn' to log a warning and continue processing; 'ignore' to continue processing and ignore the timeout.
   * @default fail
   */
  "lsn.flush.timeout.action"?: "fail" | "ignore" | "warn";
  /**
   * Maximum time in milliseconds to wait for LSN flush operation to complete. If the flush operation does not
   * complete within this timeout, the action specified by lsn.flush.timeout.action will be taken. Defaults to
   * 30 seconds.
   * @default 30000
   */
  "lsn.flush.timeout.ms"?: number;
  /**
   * Maximum size of each batch of source records. Defaults to 2048.
   * @default 2048
   */
  "max.batch.size"?: number;
  /**
   * Maximum size of the queue for change events read from the database log but not yet recorded or forwarded.
   * Defaults to 8192, and should always be larger than the maximum batch size.
   * @default 8192
   */
  "max.queue.size"?: number;
  /**
   * Maximum size of the queue in bytes for change events read from the database log but not yet recorded or
   * forwarded. Defaults to 0. Mean the feature is not enabled
   * @default 0
   */
  "max.queue.size.in.bytes"?: number;
  /**
   * The fully-qualified class name of the storage implementation for schema metadata. The class must implement
   * io.debezium.relational.TableMappingStorage<io.debezium.relational.TableSchema>. Defaults to
   * io.debezium.relational.ConcurrentMapTableMappingStorage for in-memory storage.
   * @default io.debezium.relational.ConcurrentMapTableMappingStorage
   */
  "memory.management.schemas.class"?: string;
  /**
   * The fully-qualified class name of the storage implementation for table metadata. The class must implement
   * io.debezium.relational.TableMappingStorage<io.debezium.relational.Table>. Defaults to
   * io.debezium.relational.ConcurrentMapTableMappingStorage for in-memory storage.
   * @default io.debezium.relational.ConcurrentMapTableMappingStorage
   */
  "memory.management.tables.class"?: string;
  /**
   * A semicolon-separated list of expressions that match fully-qualified tables and column(s) to be used as
   * message key. Each expression must match the pattern '<fully-qualified table name>:<key columns>', where
   * the table names could be defined as (DB_NAME.TABLE_NAME) or (SCHEMA_NAME.TABLE_NAME), depending on the
   * specific connector, and the key columns are a comma-separated list of columns representing the custom key.
   * For any table without an explicit key configuration the table's primary key column(s) will be used as
   * message key. Example: dbserver1.inventory.orderlines:orderId,orderLineId;dbserver1.inventory.orders:id
   */
  "message.key.columns"?: string;
  /**
   * A comma-separated list of regular expressions that match the logical decoding message prefixes to be
   * excluded from monitoring.
   */
  "message.prefix.exclude.list"?: string;
  /**
   * A comma-separated list of regular expressions that match the logical decoding message prefixes to be
   * monitored. All prefixes are monitored by default.
   */
  "message.prefix.include.list"?: string;
  /**
   * List of notification channels names that are enabled.
   */
  "notification.enabled.channels"?: string;
  /**
   * When true, the SSRF guard permits notification URLs that resolve to loopback, site-local or link-local
   * addresses (e.g. an in-cluster Service). Defaults to false so only public addresses are allowed.
   * @default false
   */
  "notification.http.allow.private.networks"?: boolean;
  /**
   * Number of retries after the first failed HTTP notification delivery attempt. Terminal notifications
   * (COMPLETED/ABORTED/SKIPPED) are always retried at least 3 times.
   * @default 2
   */
  "notification.http.retries"?: number;
  /**
   * Connect and read timeout, in milliseconds, for HTTP notification delivery.
   * @default 5000
   */
  "notification.http.timeout.ms"?: number;
  /**
   * The URL to which notifications are POSTed as JSON. Required when 'http' is in the list of enabled
   * channels.
   */
  "notification.http.url"?: string;
  /**
   * The name of the topic for the notifications. This is required in case 'sink' is in the list of enabled
   * channels
   */
  "notification.sink.topic.name"?: string;
  /**
   * The name of a separate offsets topic to use for this connector. If empty or not specified, the worker’s
   * global offsets topic name will be used. If specified, the offsets topic will be created if it does not
   * already exist on the Kafka cluster targeted by this connector (which may be different from the one used
   * for the worker's global offsets topic if the bootstrap.servers property of the connector's producer has
   * been overridden from the worker's). Only applicable in distributed mode; in standalone mode, setting this
   * property will have no effect.
   */
  "offsets.storage.topic"?: string;
  /**
   * Path to OpenLineage file configuration. See https://openlineage.io/docs/client/java/configuration
   * @default ./openlineage.yml
   */
  "openlineage.integration.config.file.path"?: string;
  /**
   * The Kafka bootstrap server address used as input/output namespace/
   */
  "openlineage.integration.dataset.kafka.bootstrap.servers"?: string;
  /**
   * Enable Debezium to emit data lineage metadata through OpenLineage API
   * @default false
   */
  "openlineage.integration.enabled"?: boolean;
  /**
   * The job's description emitted by Debezium
   * @default Debezium change data capture job
   */
  "openlineage.integration.job.description"?: string;
  /**
   * The job's namespace emitted by Debezium
   */
  "openlineage.integration.job.namespace"?: string;
  /**
   * The job's owners emitted by Debezium. A comma-separated list of key-value pairs.For example: k1=v1,k2=v2
   */
  "openlineage.integration.job.owners"?: string;
  /**
   * The job's tags emitted by Debezium. A comma-separated list of key-value pairs.For example: k1=v1,k2=v2
   */
  "openlineage.integration.job.tags"?: string;
  /**
   * The name of the Postgres logical decoding plugin installed on the server. Supported values are
   * 'decoderbufs' and 'pgoutput'. Defaults to 'decoderbufs'.
   * @default decoderbufs
   */
  "plugin.name"?: "decoderbufs" | "pgoutput";
  /**
   * Time to wait for new change events to appear after receiving no events, given in milliseconds. Defaults to
   * 500 ms. Values will be capped at 5000 ms.
   * @default 500
   */
  "poll.interval.ms"?: number;
  /**
   * Optional list of post processors. The processors are defined using '<post.processor.prefix>.type' config
   * option and configured using options '<post.processor.prefix.<option>'
   */
  "post.processors"?: string;
  /**
   * Aliases for the predicates used by transformations.
   */
  predicates?: string;
  /**
   * Enables transaction metadata extraction together with event counting
   * @default false
   */
  "provide.transaction.metadata"?: boolean;
  /**
   * Applies only when streaming changes using pgoutput.Determine how creation of a publication should work,
   * the default is all_tables.DISABLED - The connector will not attempt to create a publication at all. The
   * expectation is that the user has created the publication up-front. If the publication isn't found to exist
   * upon startup, the connector will throw an exception and stop.ALL_TABLES - If no publication exists, the
   * connector will create a new publication for all tables. Note this requires that the configured user has
   * access. If the publication already exists, it will be used. i.e CREATE PUBLICATION <publication_name> FOR
   * ALL TABLES;FILTERED - If no publication exists, the connector will create a new publication for all those
   * tables matchingthe current filter configuration (see table/database include/exclude list properties). If
   * the publication already exists, it will be used. i.e CREATE PUBLICATION <publication_name> FOR TABLE
   * <tbl1, tbl2, etc>
   * @default all_tables
   */
  "publication.autocreate.mode"?: "all_tables" | "disabled" | "filtered" | "no_tables";
  /**
   * The name of the Postgres 10+ publication used for streaming changes from a plugin. Defaults to
   * 'dbz_publication'
   * @default dbz_publication
   */
  "publication.name"?: string;
  /**
   * A boolean that determines whether the connector should publish changes via the partition root. When true,
   * changes are published through partition root. When false, changes are published directly.
   * @default false
   */
  "publish.via.partition.root"?: boolean;
  /**
   * The maximum number of records that should be loaded into memory while streaming. A value of '0' uses the
   * default JDBC fetch size.
   * @default 0
   */
  "query.fetch.size"?: number;
  /**
   * Applies only when streaming changes using pgoutput.Determines the value for Replica Identity at table
   * level. This option will overwrite the existing value in databaseA comma-separated list of regular
   * expressions that match fully-qualified tables and Replica Identity value to be used in the table. Each
   * expression must match the pattern '<fully-qualified table name>:<replica identity>', where the table names
   * could be defined as (SCHEMA_NAME.TABLE_NAME), and the replica identity values are: DEFAULT - Records the
   * old values of the columns of the primary key, if any. This is the default for non-system tables.INDEX
   * index_name - Records the old values of the columns covered by the named index, that must be unique, not
   * partial, not deferrable, and include only columns marked NOT NULL. If this index is dropped, the behavior
   * is the same as NOTHING.FULL - Records the old values of all columns in the row.NOTHING - Records no
   * information about the old row. This is the default for system tables.
   */
  "replica.identity.autoset.values"?: string;
  /**
   * Time to wait before restarting connector after retriable exception occurs. Defaults to 10000ms.
   * @default 10000
   */
  "retriable.restart.connector.wait.ms"?: number;
  /**
   * The schemas for which events must not be captured
   */
  "schema.exclude.list"?: string;
  /**
   * The schemas for which events should be captured
   */
  "schema.include.list"?: string;
  /**
   * Specify how schema names should be adjusted for compatibility with the message converter used by the
   * connector, including: 'avro' replaces the characters that cannot be used in the Avro type name with
   * underscore; 'avro_unicode' replaces the underscore or characters that cannot be used in the Avro type name
   * with corresponding unicode like _uxxxx. Note: _ is an escape sequence like backslash in Java;'none' does
   * not apply any adjustment (default)
   * @default none
   */
  "schema.name.adjustment.mode"?: "avro" | "avro_unicode" | "none";
  /**
   * Specify the conditions that trigger a refresh of the in-memory schema for a table. 'columns_diff' (the
   * default) is the safest mode, ensuring the in-memory schema stays in-sync with the database table's schema
   * at all times. 'columns_diff_exclude_unchanged_toast' instructs the connector to refresh the in-memory
   * schema cache if there is a discrepancy between it and the schema derived from the incoming message, unless
   * unchanged TOASTable data fully accounts for the discrepancy. This setting can improve connector
   * performance significantly if there are frequently-updated tables that have TOASTed data that are rarely
   * part of these updates. However, it is possible for the in-memory schema to become outdated if TOASTable
   * columns are dropped from the table.
   * @default columns_diff
   */
  "schema.refresh.mode"?: "columns_diff" | "columns_diff_exclude_unchanged_toast";
  /**
   * The name of the data collection that is used to send signals/commands to Debezium. For multi-partition
   * mode connectors, multiple signal data collections can be specified as a comma-separated list. Signaling is
   * disabled when not set.
   */
  "signal.data.collection"?: string;
  /**
   * Duration to sleep for after encountering an error emitting a window event, given in milliseconds. Defaults
   * to 10 seconds.
   * @default 10000
   */
  "signal.emit.failure.backoff.ms"?: number;
  /**
   * The maximum number of retries after encountering an error emitting a window event (-1 = no limit, 0 =
   * disabled, > 0 = num of retries). Defaults to 0.
   * @default 0
   */
  "signal.emit.failure.max.retries"?: number;
  /**
   * List of channels names that are enabled. Source channel is enabled by default
   * @default source
   */
  "signal.enabled.channels"?: string;
  /**
   * Interval for looking for new signals in registered channels, given in milliseconds. Defaults to 5 seconds.
   * @default 5000
   */
  "signal.poll.interval.ms"?: number;
  /**
   * Enable to skip publishing messages when there is no change in included columns.This would essentially
   * filter messages to be sent when there is no change in columns included as per
   * column.include.list/column.exclude.list.For Postgres - this would require REPLICA IDENTITY of table to be
   * FULL.
   * @default false
   */
  "skip.messages.without.change"?: boolean;
  /**
   * The comma-separated list of operations to skip during streaming, defined as: 'c' for inserts/create; 'u'
   * for updates; 'd' for deletes, 't' for truncates, and 'none' to indicate nothing skipped. By default, only
   * truncate operations will be skipped.
   * @default t
   */
  "skipped.operations"?: string;
  /**
   * Whether or not to drop the logical replication slot when the connector finishes orderly. By default the
   * replication is kept so that on restart progress can resume from the last recorded location
   * @default false
   */
  "slot.drop.on.stop"?: boolean;
  /**
   * Whether or not to create a failover slot. This is only supported when connecting to a primary server of a
   * Postgres cluster, version 17 or newer. When not specified, or when not connecting to a Postgres 17+
   * primary, no failover slot will be created.
   * @default false
   */
  "slot.failover"?: boolean;
  /**
   * How many times to retry connecting to a replication slot when an attempt fails.
   * @default 6
   */
  "slot.max.retries"?: number;
  /**
   * The name of the Postgres logical decoding slot created for streaming changes from a plugin. Defaults to
   * 'debezium
   * @default debezium
   */
  "slot.name"?: string;
  /**
   * Time to wait between retry attempts when the connector fails to connect to a replication slot, given in
   * milliseconds. Defaults to 10 seconds (10,000 ms).
   * @default 10000
   */
  "slot.retry.delay.ms"?: number;
  /**
   * Any optional parameters used by logical decoding plugin. Semi-colon separated. E.g.
   * 'add-tables=public.table,public.table2;include-lsn=true'
   */
  "slot.stream.params"?: string;
  /**
   * A delay period before a snapshot will begin, given in milliseconds. Defaults to 0 ms.
   * @default 0
   */
  "snapshot.delay.ms"?: number;
  /**
   * The maximum number of records that should be loaded into memory while performing a snapshot.
   */
  "snapshot.fetch.size"?: number;
  /**
   * This setting must be set to specify a list of tables/collections whose snapshot must be taken on creating
   * or restarting the connector.
   */
  "snapshot.include.collection.list"?: string;
  /**
   * Controls which transaction isolation level is used. The default is 'serializable', which means that
   * serializable isolation level is used. When 'repeatable_read' is specified, connector runs the initial
   * snapshot in REPEATABLE READ isolation level. When 'read_committed' is specified, connector runs the
   * initial snapshot in READ COMMITTED isolation level. In 'read_uncommitted' is specified, connector runs the
   * initial snapshot in READ UNCOMMITTED isolation level.
   * @default serializable
   */
  "snapshot.isolation.mode"?: "read_committed" | "read_uncommitted" | "repeatable_read" | "serializable";
  /**
   * The maximum number of millis to wait for table locks at the beginning of a snapshot. If locks cannot be
   * acquired in this time frame, the snapshot will be aborted. Defaults to 10 seconds
   * @default 10000
   */
  "snapshot.lock.timeout.ms"?: number;
  /**
   * Controls how the connector holds locks on tables while performing the schema snapshot. The 'shared' which
   * means the connector will hold a table lock that prevents exclusive table access for just the initial
   * portion of the snapshot while the database schemas and other metadata are being read. The remaining work
   * in a snapshot involves selecting all rows from each table, and this is done using a flashback query that
   * requires no locks. However, in some cases it may be desirable to avoid locks entirely which can be done by
   * specifying 'none'. This mode is only safe to use if no schema changes are happening while the snapshot is
   * taken.
   * @default none
   */
  "snapshot.locking.mode"?: "custom" | "none" | "shared";
  /**
   * When 'snapshot.locking.mode' is set as custom, this setting must be set to specify a the name of the
   * custom implementation provided in the 'name()' method. The implementations must implement the
   * 'SnapshotterLocking' interface and is called to determine how to lock tables during schema snapshot.
   */
  "snapshot.locking.mode.custom.name"?: string;
  /**
   * The maximum number of threads used to perform the snapshot. Defaults to 1.
   * @default 1
   */
  "snapshot.max.threads"?: number;
  /**
   * The factor used to scale the number of snapshot chunks per table. The default behavior is to take
   * 'row_count/snapshot.max.threads' to compute the number of rows per chunks. This may not be ideal for
   * larger tables, and using the multiplier, the formula is adjusted to increase the number of chunks by using
   * 'row_count/(snapshot.max.threads * snapshot.max.threads.multiplier).
   * @default 1
   */
  "snapshot.max.threads.multiplier"?: number;
  /**
   * The criteria for running a snapshot upon startup of the connector. Select one of the following snapshot
   * options: 'always': The connector runs a snapshot every time that it starts. After the snapshot completes,
   * the connector begins to stream changes from the transaction log.; 'initial' (default): If the connector
   * does not detect any offsets for the logical server name, it runs a snapshot that captures the current full
   * state of the configured tables. After the snapshot completes, the connector begins to stream changes from
   * the transaction log. 'initial_only': The connector performs a snapshot as it does for the 'initial'
   * option, but after the connector completes the snapshot, it stops, and does not stream changes from the
   * transaction log.; 'never': The connector does not run a snapshot. Upon first startup, the connector
   * immediately begins reading from the beginning of the transaction log. 'exported': This option is
   * deprecated; use 'initial' instead.; 'custom': The connector loads a custom class to specify how the
   * connector performs snapshots. For more information, see Custom snapshotter SPI in the PostgreSQL connector
   * documentation.
   * @default initial
   */
  "snapshot.mode"?:
    | "always"
    | "configuration_based"
    | "custom"
    | "initial"
    | "initial_only"
    | "no_data"
    | "when_needed";
  /**
   * When 'snapshot.mode' is set as configuration_based, this setting permits to specify whenever the data
   * should be snapshotted or not.
   * @default false
   */
  "snapshot.mode.configuration.based.snapshot.data"?: boolean;
  /**
   * When 'snapshot.mode' is set as configuration_based, this setting permits to specify whenever the data
   * should be snapshotted or not in case of error.
   * @default false
   */
  "snapshot.mode.configuration.based.snapshot.on.data.error"?: boolean;
  /**
   * When 'snapshot.mode' is set as configuration_based, this setting permits to specify whenever the schema
   * should be snapshotted or not in case of error.
   * @default false
   */
  "snapshot.mode.configuration.based.snapshot.on.schema.error"?: boolean;
  /**
   * When 'snapshot.mode' is set as configuration_based, this setting permits to specify whenever the schema
   * should be snapshotted or not.
   * @default false
   */
  "snapshot.mode.configuration.based.snapshot.schema"?: boolean;
  /**
   * When 'snapshot.mode' is set as configuration_based, this setting permits to specify whenever the stream
   * should start or not after snapshot.
   * @default false
   */
  "snapshot.mode.configuration.based.start.stream"?: boolean;
  /**
   * When 'snapshot.mode' is set as custom, this setting must be set to specify a the name of the custom
   * implementation provided in the 'name()' method. The implementations must implement the 'Snapshotter'
   * interface and is called on each app boot to determine whether to do a snapshot.
   */
  "snapshot.mode.custom.name"?: string;
  /**
   * Controls query used during the snapshot
   * @default select_all
   */
  "snapshot.query.mode"?: "custom" | "select_all";
  /**
   * When 'snapshot.query.mode' is set as custom, this setting must be set to specify a the name of the custom
   * implementation provided in the 'name()' method. The implementations must implement the 'SnapshotterQuery'
   * interface and is called to determine how to build queries during snapshot.
   */
  "snapshot.query.mode.custom.name"?: string;
  /**
   * This property contains a comma-separated list of fully-qualified tables (DB_NAME.TABLE_NAME) or
   * (SCHEMA_NAME.TABLE_NAME), depending on the specific connectors. Select statements for the individual
   * tables are specified in further configuration properties, one for each table, identified by the id
   * 'snapshot.select.statement.overrides.[DB_NAME].[TABLE_NAME]' or
   * 'snapshot.select.statement.overrides.[SCHEMA_NAME].[TABLE_NAME]', respectively. The value of those
   * properties is the select statement to use when retrieving data from the specific table during
   * snapshotting. A possible use case for large append-only tables is setting a specific point where to start
   * (resume) snapshotting, in case a previous snapshotting was interrupted.
   */
  "snapshot.select.statement.overrides"?: string;
  /**
   * Controls the order in which tables are processed in the initial snapshot. A `descending` value will order
   * the tables by row count descending. A `ascending` value will order the tables by row count ascending. A
   * value of `disabled` (the default) will disable ordering by row count.
   * @default disabled
   */
  "snapshot.tables.order.by.row.count"?: "ascending" | "descending" | "disabled";
  /**
   * The name of the SourceInfoStructMaker class that returns SourceInfo schema and struct.
   * @default io.debezium.connector.postgresql.PostgresSourceInfoStructMaker
   */
  "sourceinfo.struct.maker"?: string;
  /**
   * Enable to collect various kind of statistics, like latencies in record processing, and derived data like
   * quantiles. By default collecting statistics is enabled.
   * @default true
   */
  "statistics.metrics.enabled"?: boolean;
  /**
   * Frequency for sending replication connection status updates to the server, given in milliseconds. Defaults
   * to 10 seconds (10,000 ms).
   * @default 10000
   */
  "status.update.interval.ms"?: number;
  /**
   * A delay period after the snapshot is completed and the streaming begins, given in milliseconds. Defaults
   * to 0 ms.
   * @default 0
   */
  "streaming.delay.ms"?: number;
  /**
   * A comma-separated list of regular expressions that match the fully-qualified names of tables to be
   * excluded from monitoring
   */
  "table.exclude.list"?: string;
  /**
   * Flag specifying whether built-in tables should be ignored.
   * @default true
   */
  "table.ignore.builtin"?: boolean;
  /**
   * The tables for which changes are to be captured
   */
  "table.include.list"?: string;
  /**
   * Maximum number of tasks to use for this connector.
   * @default 1
   */
  "tasks.max"?: number;
  /**
   * (Deprecated) Whether to enforce that the tasks.max property is respected by the connector. By default,
   * connectors that generate too many tasks will fail, and existing sets of tasks that exceed the tasks.max
   * property will also be failed. If this property is set to false, then connectors will be allowed to
   * generate more than the maximum number of tasks, and existing sets of tasks that exceed the tasks.max
   * property will be allowed to run. This property is deprecated and will be removed in an upcoming major
   * release.
   * @default true
   */
  "tasks.max.enforce"?: boolean;
  /**
   * Time, date, and timestamps can be represented with different kinds of precisions, including: 'adaptive'
   * (the default) bases the precision of time, date, and timestamp values on the database column's precision;
   * 'adaptive_time_microseconds' like 'adaptive' mode, but TIME fields always use microseconds precision;
   * 'connect' always represents time, date, and timestamp values using Kafka Connect's built-in
   * representations for Time, Date, and Timestamp, which uses millisecond precision regardless of the database
   * columns' precision; 'isostring' represents time, date, and timestamp values as ISO-8601 formatted strings
   * at the UTC time zone; 'structured' represents time, date, timestamp, and datetime values as Kafka Connect
   * structs with separate calendar and clock components; 'microseconds' always represents time, date, and
   * timestamp values using microsecond precision; 'nanoseconds' always represents time, date, and timestamp
   * values using nanosecond precision.
   * @default adaptive
   */
  "time.precision.mode"?:
    | "adaptive"
    | "adaptive_time_microseconds"
    | "connect"
    | "isostring"
    | "microseconds"
    | "nanoseconds"
    | "structured";
  /**
   * Whether delete operations should be represented by a delete event and a subsequent tombstone event (true)
   * or only by a delete event (false). Emitting the tombstone event (the default behavior) allows Kafka to
   * completely delete all events pertaining to the given key once the source record got deleted.
   * @default true
   */
  "tombstones.on.delete"?: boolean;
  /**
   * Groups of configurations for topics created by source connectors
   */
  "topic.creation.groups"?: string;
  /**
   * The name of the TopicNamingStrategy class that should be used to determine the topic name for data change,
   * schema change, transaction, heartbeat event etc.
   * @default io.debezium.schema.SchemaTopicNamingStrategy
   */
  "topic.naming.strategy"?: string;
  /**
   * Topic prefix that identifies and provides a namespace for the particular database server/cluster is
   * capturing changes. The topic prefix should be unique across all other connectors, since it is used as a
   * prefix for all Kafka topic names that receive events emitted by this connector. Only alphanumeric
   * characters, hyphens, dots and underscores must be accepted.
   */
  "topic.prefix": string;
  /**
   * Permitted values are: poll, interval, connector. If set to 'poll', a new producer transaction will be
   * started and committed for every batch of records that each task from this connector provides to Connect.
   * If set to 'connector', relies on connector-defined transaction boundaries; note that not all connectors
   * are capable of defining their own transaction boundaries, and in that case, attempts to instantiate a
   * connector with this value will fail. Finally, if set to 'interval', commits transactions only after a
   * user-defined time interval has passed.
   * @default poll
   */
  "transaction.boundary"?: "connector" | "interval" | "poll";
  /**
   * If 'transaction.boundary' is set to 'interval', determines the interval for producer transaction commits
   * by connector tasks. If unset, defaults to the value of the worker-level 'offset.flush.interval.ms'
   * property. It has no effect if a different transaction.boundary is specified.
   */
  "transaction.boundary.interval.ms"?: number;
  /**
   * Class to make transaction context & transaction struct/schemas
   * @default io.debezium.pipeline.txmetadata.DefaultTransactionMetadataFactory
   */
  "transaction.metadata.factory"?: string;
  /**
   * Aliases for the transformations to be applied to records.
   */
  transforms?: string;
  /**
   * Specify the constant that will be provided by Debezium to indicate that the original value is a toasted
   * value not provided by the database. If starts with 'hex:' prefix it is expected that the rest of the
   * string represents hexadecimal encoded octets.
   * @default __debezium_unavailable_value
   */
  "unavailable.value.placeholder"?: string;
  /**
   * Converter class used to convert between Kafka Connect format and the serialized form that is written to
   * Kafka. This controls the format of the values in messages written to or read from Kafka, and since this is
   * independent of connectors it allows any connector to work with any serialization format. Examples of
   * common formats include JSON and Avro.
   */
  "value.converter"?: string;
  /**
   * Specify how often (in ms) the xmin will be fetched from the replication slot. This xmin value is exposed
   * by the slot which gives a lower bound of where a new replication slot could start from. The lower the
   * value, the more likely this value is to be the current 'true' value, but the bigger the performance cost.
   * The bigger the value, the less likely this value is to be the current 'true' value, but the lower the
   * performance penalty. The default is set to 0 ms, which disables tracking xmin.
   * @default 0
   */
  "xmin.fetch.interval.ms"?: number;
}
