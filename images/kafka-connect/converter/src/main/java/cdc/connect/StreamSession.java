package cdc.connect;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.core.BaseConnection;

/**
 * A replication connection that reads the log in a session that has done nothing before.
 *
 * <p>Debezium first compares the publication with its tables there. The server keeps in the session what it so learns of the tables as they are now, and reads with
 * it what was logged before an `ALTER TABLE`: text is then sent as a number made of its bytes, or the server ends the stream with an error, each time anew.
 */
final class StreamSession {
  interface Opening {
    Connection open() throws SQLException;
  }

  private final Opening sessions;
  private Connection current;

  private StreamSession(Opening sessions) throws SQLException {
    this.sessions = sessions;
    this.current = sessions.open();
  }

  static Connection of(Opening sessions) throws SQLException {
    StreamSession session = new StreamSession(sessions);
    return Wrapped.of(Connection.class, (method, arguments) -> {
      if (method.getName().equals("unwrap") && arguments[0] == BaseConnection.class) return session.driver();
      return Wrapped.invoke(session.current, method, arguments);
    });
  }

  /** The driver's connection, of which the stream is asked. */
  private BaseConnection driver() {
    return Wrapped.of(BaseConnection.class, (method, arguments) -> {
      if (method.getName().equals("getReplicationAPI")) renew();
      return Wrapped.invoke(current.unwrap(BaseConnection.class), method, arguments);
    });
  }

  /** Closes before it opens: a server has few places for those that read its log. */
  private void renew() throws SQLException {
    current.close();
    current = sessions.open();
  }
}
