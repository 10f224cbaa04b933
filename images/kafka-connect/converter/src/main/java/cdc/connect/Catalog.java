package cdc.connect;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.jdbc.JdbcConfiguration;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What PostgreSQL's catalog has of columns and Debezium does not hand on: the type below their domains, that of an array's elements,
 * and whether there is a DEFAULT.
 *
 * <p>A table is asked for when a column is wanted that is not at hand, and each answer is given once. So what is read is never older than the
 * schema that is being built: it asks for each column of a table once, the key's before all.
 */
final class Catalog {
  /**
   * @param type number of the type below the column's domains
   * @param typeName its name, without what is in other schemas of that name; of an array that of the type below its elements' domains
   * @param elementModifier `typmod` that a domain gives to the elements of an array, -1: none
   * @param hasDefault whether rows from before the column have a value in it: a DEFAULT, an identity, a generated column, a default of the domain
   */
  record Column(int type, String typeName, boolean isArray, int elementModifier, boolean hasDefault) {}

  private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);
  private static final List<String> NEEDED = List.of("hostname", "user", "dbname");
  private static final long IDLE_SECONDS = 10;
  private static final long PAUSE_AFTER_FAILURE_NS = TimeUnit.MINUTES.toNanos(1);

  private static final String COLUMNS =
      """
      WITH RECURSIVE base (type, base, modifier, has_default) AS (
        SELECT oid, oid, -1, false FROM pg_type WHERE typtype <> 'd'
        UNION ALL
        SELECT t.oid, b.base, CASE WHEN t.typtypmod >= 0 THEN t.typtypmod ELSE b.modifier END, b.has_default OR t.typdefaultbin IS NOT NULL
        FROM pg_type t JOIN base b ON t.typbasetype = b.type
        WHERE t.typtype = 'd'
      )
      SELECT a.attname, b.base, coalesce(e.typname, t.typname), e.oid IS NOT NULL, coalesce(eb.modifier, -1),
             a.atthasdef OR a.atthasmissing OR a.attidentity <> '' OR b.has_default
      FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN base b ON b.type = a.atttypid
      JOIN pg_type t ON t.oid = b.base
      LEFT JOIN base eb ON eb.type = t.typelem AND t.typcategory = 'A'
      LEFT JOIN pg_type e ON e.oid = eb.base
      WHERE n.nspname || '.' || c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
      """;

  private final JdbcConfiguration settings;
  private final Map<String, Map<String, Column>> atHand = new HashMap<>();
  private PostgresConnection connection;
  private long lastUse;
  private boolean hasFailed;

  /** @param settings as the connector's after `database.` */
  Catalog(Properties settings) {
    this.settings = JdbcConfiguration.adapt(Configuration.from(settings));
  }

  static boolean isReachable(Properties settings) {
    return NEEDED.stream().allMatch(settings::containsKey);
  }

  /**
   * @param table `schema.table`
   * @return empty when there is none any more, or the database cannot be asked
   */
  synchronized Optional<Column> column(String table, String name) {
    Map<String, Column> columns = atHand.get(table);
    if (columns == null || !columns.containsKey(name)) atHand.put(table, columns = read(table));
    return Optional.ofNullable(columns.remove(name));
  }

  private Map<String, Column> read(String table) {
    Map<String, Column> columns = new HashMap<>();
    if (hasFailed && System.nanoTime() - lastUse < PAUSE_AFTER_FAILURE_NS) return columns;
    lastUse = System.nanoTime();
    try {
      if (connection == null) connection = new PostgresConnection(settings, "CDC Catalog");
      try (PreparedStatement statement = connection.connection().prepareStatement(COLUMNS)) {
        statement.setString(1, table);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            Column column = new Column((int) rows.getLong(2), rows.getString(3), rows.getBoolean(4), rows.getInt(5), rows.getBoolean(6));
            columns.put(rows.getString(1), column);
          }
        }
      }
      hasFailed = false;
      CompletableFuture.delayedExecutor(IDLE_SECONDS, TimeUnit.SECONDS).execute(this::closeIdle);
    } catch (SQLException | RuntimeException error) {
      hasFailed = true;
      close();
      LOG.warn("The catalog cannot be asked about {}; domains and defaults are as Debezium has them: {}", table, error.toString());
    }
    return columns;
  }

  private synchronized void closeIdle() {
    if (System.nanoTime() - lastUse >= TimeUnit.SECONDS.toNanos(IDLE_SECONDS)) close();
  }

  private void close() {
    if (connection == null) return;
    try {
      connection.close();
    } catch (RuntimeException error) {
      LOG.debug("A connection that is not needed any more could not be closed", error);
    }
    connection = null;
  }
}
