package cdc.connect;

import io.debezium.jdbc.JdbcConfiguration;
import io.debezium.jdbc.JdbcConnection;
import io.debezium.jdbc.JdbcConnection.ConnectionFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TimeZone;
import org.postgresql.Driver;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.PGobject;

/**
 * Debezium's connections to PostgreSQL (`database.connection.factory.class`) with sessions that print values alike whatever is set for
 * the database or the role, and a driver that leaves them as they are.
 */
public final class ExactConnections implements ConnectionFactory {
  private static final ConnectionFactory DRIVER =
      JdbcConnection.patternBasedFactory(
          "jdbc:postgresql://${hostname}:${port}/${dbname}", Driver.class.getName(), ExactConnections.class.getClassLoader(),
          JdbcConfiguration.PORT.withDefault("5432"));

  /** Settings of the session that the text of values depends on; those of the driver itself are DateStyle and TimeZone. */
  private static final String SESSION = "-c IntervalStyle=postgres -c lc_monetary=C -c bytea_output=hex -c extra_float_digits=1";

  /** Classes of the driver that lose something (infinity, hours beyond an int), or print otherwise than the server. */
  private static final Map<String, String> CLASSES = Map.of("datatype.interval", PGobject.class.getName());

  private static final String TIME_ZONE = "UTC";

  /**
   * Whether dates come from these connections: of the settings after `database.`, both the connections' and those of a converter of that name.
   * Each has to know of the other, as they are one thing.
   */
  static boolean areUsed(Properties database) {
    return Objects.equals(database.getProperty("connection.factory.class"), ExactConnections.class.getName())
        && Objects.equals(database.getProperty("type"), ExactValues.class.getName());
  }

  @Override
  public Connection connect(JdbcConfiguration config) throws SQLException {
    String options = config.getString("options");
    var exact = config.edit().with("options", options == null ? SESSION : options + " " + SESSION);
    CLASSES.forEach(exact::with);
    Connection connection = DRIVER.connect(JdbcConfiguration.adapt(exact.build()));
    try {
      if (areUsed(config.asProperties())) useOneCalendar(connection.unwrap(PgConnection.class));
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
   * Lets the driver take dates as they are in PostgreSQL's calendar, the Gregorian for all time. In Java's there is a gap of ten days in October 1582, and
   * dates in it become others. The connection has one calendar of its own for all it reads.
   */
  private static void useOneCalendar(PgConnection connection) {
    ((GregorianCalendar) connection.getTimestampUtils().getSharedCalendar(null)).setGregorianChange(new Date(Long.MIN_VALUE));
  }
}
