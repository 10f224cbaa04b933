package cdc.connect;

import java.sql.Connection;
import java.sql.Statement;

/**
 * A connection in whose catalog no type is an enum, for Debezium's registry of types.
 *
 * <p>When Debezium meets a label that its registry does not have (of a domain over an enum it has none), it reads the table's columns from the catalog in the middle of the stream.
 * Values that were logged before a later `ALTER TABLE` then come under other columns, or end the task. Nothing else needs the labels: values are texts as those of any other type.
 */
final class EnumTypes {
  private static final String CATEGORY = "t.typcategory as category";
  private static final String CATEGORY_WITHOUT_ENUMS = "nullif(t.typcategory, 'E') as category";

  private EnumTypes() {}

  static Connection hidden(Connection connection) {
    return Wrapped.of(Connection.class, (method, arguments) -> {
      Object result = Wrapped.invoke(connection, method, hidden(arguments));
      return method.getName().equals("createStatement") && arguments == null ? hidden((Statement) result) : result;
    });
  }

  /** @return the query with types of which none is an enum; any other text as it is */
  static String hidden(String sql) {
    return sql.replace(CATEGORY, CATEGORY_WITHOUT_ENUMS);
  }

  private static Statement hidden(Statement statement) {
    return Wrapped.of(Statement.class, (method, arguments) -> Wrapped.invoke(statement, method, hidden(arguments)));
  }

  private static Object[] hidden(Object[] arguments) {
    if (arguments == null || arguments.length == 0 || !(arguments[0] instanceof String sql)) return arguments;
    Object[] others = arguments.clone();
    others[0] = hidden(sql);
    return others;
  }
}
