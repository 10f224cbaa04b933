package cdc.connect;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.core.Tuple;
import org.postgresql.jdbc.PgResultSet;

/**
 * A connection of which rows are read a bounded number of bytes at a time, however wide they are.
 *
 * <p>Debezium bounds what it reads of a table in rows: `snapshot.fetch.size` is what the driver holds at once, `incremental.snapshot.chunk.size` what Debezium
 * itself holds. A hundred rows of 10 MB are more than the heap. So the first fetch is a small one, and each later one as large as the widest row so far allows; and a chunk
 * ends early: Debezium goes on behind the last row that it was given.
 */
final class BoundedRows {
  /** Rows of the first fetch. */
  private static final int FIRST = 2;

  /** How much larger than all before it a fetch may be: of rows that are not read yet, nobody knows how wide they are. */
  private static final int GROWTH = 4;

  private static final MethodHandle ROW = row();

  private final ResultSet rows;
  private final long most;
  private final int asked;
  private final boolean mayEnd;
  private int fetched = FIRST;
  private long read;
  private long bytes;
  private long widest = 1;

  private BoundedRows(ResultSet rows, long most, int asked, boolean mayEnd) {
    this.rows = rows;
    this.most = most;
    this.asked = asked;
    this.mayEnd = mayEnd;
  }

  /** @param most bytes of one fetch, and of one chunk, which may have one row more */
  static Connection of(Connection connection, long most) {
    return Wrapped.of(Connection.class, (method, arguments) -> {
      Object result = Wrapped.invoke(connection, method, arguments);
      return switch (method.getName()) {
        case "createStatement" -> of(Statement.class, (Statement) result, most);
        case "prepareStatement" -> of(PreparedStatement.class, (PreparedStatement) result, most);
        default -> result;
      };
    });
  }

  /** Debezium sets a fetch size where it reads a table's rows: whole tables by plain statements, chunks by prepared ones. */
  private static <T extends Statement> T of(Class<T> type, T statement, long most) {
    return Wrapped.of(type, (method, arguments) -> {
      if (!method.getName().equals("executeQuery") || statement.getFetchSize() <= FIRST) return Wrapped.invoke(statement, method, arguments);
      int asked = statement.getFetchSize();
      statement.setFetchSize(FIRST);
      try {
        return of((ResultSet) Wrapped.invoke(statement, method, arguments), most, asked, type == PreparedStatement.class);
      } finally {
        statement.setFetchSize(asked);
      }
    });
  }

  private static ResultSet of(ResultSet rows, long most, int asked, boolean mayEnd) throws SQLException {
    if (!rows.isWrapperFor(PgResultSet.class)) return rows;
    PgResultSet driver = rows.unwrap(PgResultSet.class);
    return of(rows, () -> widthOf(driver), most, asked, mayEnd);
  }

  /** Bytes of the row that was read last. */
  interface Width {
    long bytes() throws SQLException;
  }

  /** @param mayEnd whether it ends once it had so many bytes */
  static ResultSet of(ResultSet rows, Width width, long most, int asked, boolean mayEnd) {
    BoundedRows bounded = new BoundedRows(rows, most, asked, mayEnd);
    return Wrapped.of(
        ResultSet.class,
        (method, arguments) -> method.getName().equals("next") ? bounded.next(width) : Wrapped.invoke(rows, method, arguments));
  }

  private boolean next(Width width) throws SQLException {
    if (mayEnd && bytes >= most) return false;
    if (!rows.next()) return false;
    take(width.bytes());
    return true;
  }

  private void take(long width) throws SQLException {
    read++;
    bytes += width;
    widest = Math.max(widest, width);
    int next = (int) Math.max(1, Math.min(Math.min(asked, GROWTH * read), most / widest));
    if (next == fetched) return;
    fetched = next;
    rows.setFetchSize(next);
  }

  private static long widthOf(PgResultSet rows) throws SQLException {
    try {
      return ((Tuple) ROW.invokeExact(rows)).length();
    } catch (SQLException | RuntimeException | Error error) {
      throw error;
    } catch (Throwable error) {
      throw new IllegalStateException(error);
    }
  }

  /** The driver's row, which it shows to nobody. */
  private static MethodHandle row() {
    try {
      return MethodHandles.privateLookupIn(PgResultSet.class, MethodHandles.lookup()).findGetter(PgResultSet.class, "thisRow", Tuple.class);
    } catch (ReflectiveOperationException error) {
      throw new ExceptionInInitializerError(error);
    }
  }
}
