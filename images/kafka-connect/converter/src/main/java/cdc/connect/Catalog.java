package cdc.connect;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.jdbc.JdbcConfiguration;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
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
   * A type that is no domain.
   *
   * @param name `typname`; of an array that of the type below its elements' domains
   * @param elementModifier `typmod` that a domain gives to the elements of an array, -1: none
   */
  record Type(int number, String name, boolean isArray, int elementModifier) {}

  /**
   * @param type below the column's domains
   * @param hasDefault whether rows from before the column have a value in it: a DEFAULT, an identity, a generated column, a default of the domain
   */
  record Column(Type type, boolean hasDefault) {}

  private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);
  private static final List<String> NEEDED = List.of("hostname", "user", "dbname");
  private static final long IDLE_SECONDS = 10;
  private static final long PAUSE_AFTER_FAILURE_NS = TimeUnit.MINUTES.toNanos(1);

  private static final String BASE_TYPES =
      """
      WITH RECURSIVE base (type, base, modifier, has_default) AS (
        SELECT oid, oid, -1, false FROM pg_type WHERE typtype <> 'd'
        UNION ALL
        SELECT t.oid, b.base, CASE WHEN t.typtypmod >= 0 THEN t.typtypmod ELSE b.modifier END, b.has_default OR t.typdefaultbin IS NOT NULL
        FROM pg_type t JOIN base b ON t.typbasetype = b.type
        WHERE t.typtype = 'd'
      ), named (number, name, is_array, modifier) AS (
        SELECT t.oid, coalesce(e.typname, t.typname), e.oid IS NOT NULL, coalesce(eb.modifier, -1)
        FROM pg_type t
        -- Not those that only look like arrays, as int2vector does.
        LEFT JOIN base eb ON eb.type = t.typelem AND t.typinput = 'array_in'::regproc
        LEFT JOIN pg_type e ON e.oid = eb.base
      )
      """;

  private static final String COLUMNS =
      BASE_TYPES
          + """
          SELECT t.number, t.name, t.is_array, t.modifier, a.attname, a.atthasdef OR a.atthasmissing OR a.attidentity <> '' OR b.has_default
          FROM pg_attribute a
          JOIN pg_class c ON c.oid = a.attrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN base b ON b.type = a.atttypid
          JOIN named t ON t.number = b.base
          WHERE n.nspname || '.' || c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
          """;

  private static final String TYPE = BASE_TYPES + "SELECT number, name, is_array, modifier FROM named WHERE number = ?";

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

  /**
   * @param number of a type that is no domain
   * @return empty when there is none any more, or the database cannot be asked
   */
  synchronized Optional<Type> type(int number) {
    List<Type> found = new ArrayList<>();
    query(TYPE, statement -> statement.setLong(1, Integer.toUnsignedLong(number)), row -> found.add(typeOf(row)), "a type");
    return found.stream().findFirst();
  }

  private Map<String, Column> read(String table) {
    Map<String, Column> columns = new HashMap<>();
    query(COLUMNS, statement -> statement.setString(1, table), row -> columns.put(row.getString(5), new Column(typeOf(row), row.getBoolean(6))), table);
    return columns;
  }

  private static Type typeOf(ResultSet row) throws SQLException {
    return new Type((int) row.getLong(1), row.getString(2), row.getBoolean(3), row.getInt(4));
  }

  private interface Take<T> {
    void from(T source) throws SQLException;
  }

  private void query(String sql, Take<PreparedStatement> parameters, Take<ResultSet> eachRow, String about) {
    if (hasFailed && System.nanoTime() - lastUse < PAUSE_AFTER_FAILURE_NS) return;
    lastUse = System.nanoTime();
    try {
      if (connection == null) connection = new PostgresConnection(settings, "CDC Catalog");
      try (PreparedStatement statement = connection.connection().prepareStatement(sql)) {
        parameters.from(statement);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) eachRow.from(rows);
        }
      }
      hasFailed = false;
      CompletableFuture.delayedExecutor(IDLE_SECONDS, TimeUnit.SECONDS).execute(this::closeIdle);
    } catch (SQLException | RuntimeException error) {
      hasFailed = true;
      close();
      LOG.warn("The catalog cannot be asked about {}; domains and defaults are as Debezium has them: {}", about, error.toString());
    }
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
