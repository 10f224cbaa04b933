package cdc.connect;

import io.debezium.data.SpecialValueDecimal;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Types;

/**
 * A connection whose statements take the decimals that Debezium reads. It gives them back as limits of the chunks of an incremental snapshot, where
 * the driver refuses SpecialValueDecimal, and the server a number beside money: the task of a table with such a key would fail.
 */
final class DecimalParameters {
  private DecimalParameters() {}

  static Connection allowed(Connection connection) {
    return Wrapped.of(Connection.class, (method, arguments) -> {
      Object result = Wrapped.invoke(connection, method, arguments);
      return method.getName().equals("prepareStatement") ? allowed((PreparedStatement) result) : result;
    });
  }

  private static PreparedStatement allowed(PreparedStatement statement) {
    return Wrapped.of(PreparedStatement.class, (method, arguments) -> {
      if (method.getName().equals("setObject") && arguments.length == 2 && isDecimal(arguments[1])) {
        // Of no type, so that the server takes it for what it is compared with.
        statement.setObject((int) arguments[0], NumberOf.numeric(arguments[1]), Types.OTHER);
        return null;
      }
      return Wrapped.invoke(statement, method, arguments);
    });
  }

  private static boolean isDecimal(Object value) {
    return value instanceof SpecialValueDecimal || value instanceof BigDecimal;
  }
}
