package cdc.connect;

import io.debezium.data.SpecialValueDecimal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
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
    return wrapped(Connection.class, (method, arguments) -> {
      Object result = invoke(connection, method, arguments);
      return method.getName().equals("prepareStatement") ? allowed((PreparedStatement) result) : result;
    });
  }

  private static PreparedStatement allowed(PreparedStatement statement) {
    return wrapped(PreparedStatement.class, (method, arguments) -> {
      if (method.getName().equals("setObject") && arguments.length == 2 && isDecimal(arguments[1])) {
        // Of no type, so that the server takes it for what it is compared with.
        statement.setObject((int) arguments[0], NumberOf.numeric(arguments[1]), Types.OTHER);
        return null;
      }
      return invoke(statement, method, arguments);
    });
  }

  private static boolean isDecimal(Object value) {
    return value instanceof SpecialValueDecimal || value instanceof BigDecimal;
  }

  private interface Call {
    Object to(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T wrapped(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(DecimalParameters.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> call.to(method, arguments)));
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException error) {
      throw error.getCause();
    }
  }
}
