package cdc.connect;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;

/**
 * A connection whose metadata lets the stream be read as it was logged, and keys be found by their names.
 *
 * <p>Debezium's decoder of the stream knows from the log of which type each column was then, but parses values by the name of the type that the catalog has now: a value
 * from before `ALTER COLUMN … TYPE` ends the task, for all tables, or becomes another. Told that every column is `text`, it leaves the values as the log has them,
 * and {@link ExactValues} writes them by the type that the log has. Of columns that the catalog does not have any more the decoder takes name and type from the log.
 */
final class StreamMetadata {
  /** The method in which Debezium's decoder asks for a table's columns. */
  private static final String DECODER = "getTableColumnsForDecoder";

  private static final int DECODER_DEPTH = 20;

  /** Columns of what `DatabaseMetaData.getColumns` finds. */
  private static final int TYPE_NAME = 6;
  private static final int DEFAULT = 13;

  /** Column of what `DatabaseMetaData.getIndexInfo` finds. */
  private static final int INDEXED_COLUMN = 9;

  private StreamMetadata() {}

  /** @param isAllText whether the decoder is to be told that every column is text */
  static Connection of(Connection connection, boolean isAllText) {
    return Wrapped.of(Connection.class, (method, arguments) -> {
      Object result = Wrapped.invoke(connection, method, arguments);
      return method.getName().equals("getMetaData") ? of((DatabaseMetaData) result, isAllText) : result;
    });
  }

  static DatabaseMetaData of(DatabaseMetaData metadata, boolean isAllText) {
    return Wrapped.of(DatabaseMetaData.class, (method, arguments) -> {
      Object result = Wrapped.invoke(metadata, method, arguments);
      if (method.getName().equals("getIndexInfo")) return named((ResultSet) result);
      return isAllText && method.getName().equals("getColumns") && isForDecoder() ? text((ResultSet) result) : result;
    });
  }

  private static boolean isForDecoder() {
    return StackWalker.getInstance().walk(frames -> frames.limit(DECODER_DEPTH).anyMatch(frame -> frame.getMethodName().equals(DECODER)));
  }

  /** Without a DEFAULT, which would be parsed as text, too. */
  private static ResultSet text(ResultSet columns) {
    return Wrapped.of(ResultSet.class, (method, arguments) -> {
      if (!isText(method.getName(), arguments)) return Wrapped.invoke(columns, method, arguments);
      return switch ((int) arguments[0]) {
        case TYPE_NAME -> "text";
        case DEFAULT -> null;
        default -> Wrapped.invoke(columns, method, arguments);
      };
    });
  }

  /** The driver leaves the quotes within a name doubled: Debezium would not find the column, and the task fail. */
  private static ResultSet named(ResultSet indexes) {
    return Wrapped.of(ResultSet.class, (method, arguments) -> {
      Object result = Wrapped.invoke(indexes, method, arguments);
      boolean isName = isText(method.getName(), arguments) && (int) arguments[0] == INDEXED_COLUMN;
      return isName && result != null ? ((String) result).replace("\"\"", "\"") : result;
    });
  }

  private static boolean isText(String method, Object[] arguments) {
    return method.equals("getString") && arguments[0] instanceof Integer;
  }
}
