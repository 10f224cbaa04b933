package cdc.connect;

import io.debezium.jdbc.JdbcConfiguration;
import io.debezium.jdbc.JdbcConnection;
import io.debezium.jdbc.JdbcConnection.ConnectionFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Map;
import java.util.TimeZone;
import org.postgresql.Driver;
import org.postgresql.core.Oid;
import org.postgresql.core.TypeInfo;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.PGobject;

/**
 * Debezium's connections to PostgreSQL (`database.connection.factory.class`) with sessions that print values alike whatever is set for
 * the database or the role, and a driver that leaves them as they are. Where {@link ExactValues} is the converter `database`, so that its settings are the
 * connections' as well, the values of the stream come to it as PostgreSQL's text.
 */
public final class ExactConnections implements ConnectionFactory {
  private static final ConnectionFactory CONNECTIONS =
      JdbcConnection.patternBasedFactory(
          "jdbc:postgresql://${hostname}:${port}/${dbname}", Driver.class.getName(), ExactConnections.class.getClassLoader(),
          JdbcConfiguration.PORT.withDefault("5432"));

  /** What the text of values depends on, besides DateStyle and TimeZone, which the driver sets. */
  private static final String SESSION = "-c IntervalStyle=postgres -c lc_monetary=C -c bytea_output=hex -c extra_float_digits=1";

  /**
   * Of the driver. Its class of intervals loses something: infinity, hours beyond an int. And text that Debezium reads is given back as the limit of a chunk: without a
   * type, it can be compared with times, bits, domains.
   */
  private static final Map<String, String> DRIVER_SETTINGS = Map.of("datatype.interval", PGobject.class.getName(), "stringtype", "unspecified");

  private static final String TIME_ZONE = "UTC";

  /** Bytes of rows that are read from a table at once: what the driver has fetched, and the chunk that Debezium has of it, are in the heap side by side. */
  private static final long AT_ONCE = Runtime.getRuntime().maxMemory() / 16;

  @Override
  public Connection connect(JdbcConfiguration config) throws SQLException {
    if (config.getString("replication") != null) return StreamSession.of(() -> session(config));
    boolean isExact = ExactValues.class.getName().equals(config.getString("type"));
    Connection connection = BoundedRows.of(DecimalParameters.allowed(session(config)), AT_ONCE);
    return StreamMetadata.of(isExact ? EnumTypes.hidden(connection) : connection, isExact);
  }

  private static Connection session(JdbcConfiguration config) throws SQLException {
    String options = config.getString("options");
    var exact = config.edit().with("options", options == null ? SESSION : options + " " + SESSION);
    DRIVER_SETTINGS.forEach(exact::with);
    Connection connection = CONNECTIONS.connect(JdbcConfiguration.adapt(exact.build()));
    try {
      leaveAlone(connection.unwrap(PgConnection.class));
      if (!TimeZone.getDefault().hasSameRules(TimeZone.getTimeZone(TIME_ZONE))) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("SET TimeZone TO '" + TIME_ZONE + "'");
        }
      }
      return connection;
    } catch (SQLException | RuntimeException error) {
      connection.close();
      throw error;
    }
  }

  /**
   * Lets the driver give as text: dates, which it makes java.sql.Date, in whose calendar ten days of October 1582 are missing and become others; and names of cursors,
   * in whose place it reads the rows of the cursor: a snapshot would fail.
   */
  private static void leaveAlone(PgConnection connection) {
    TypeInfo types = connection.getTypeInfo();
    types.addCoreType("date", Oid.DATE, Types.VARCHAR, String.class.getName(), Oid.DATE_ARRAY);
    types.addCoreType("refcursor", Oid.REF_CURSOR, Types.VARCHAR, String.class.getName(), Oid.REF_CURSOR_ARRAY);
  }
}
