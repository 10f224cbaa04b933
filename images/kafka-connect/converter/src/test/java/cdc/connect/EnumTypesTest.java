package cdc.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.debezium.connector.postgresql.TypeRegistry;
import java.lang.reflect.Field;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnumTypesTest {
  private static final String TYPES = "SELECT t.typcategory as category FROM pg_type t";

  private final List<String> asked = new ArrayList<>();

  private final Connection connection =
      EnumTypes.hidden(
          Wrapped.of(Connection.class, (method, arguments) -> switch (method.getName()) {
            case "createStatement" -> Wrapped.of(Statement.class, (called, of) -> asked.add((String) of[0]) ? null : null);
            case "prepareStatement" -> {
              asked.add((String) arguments[0]);
              yield Wrapped.of(PreparedStatement.class, (called, of) -> null);
            }
            default -> null;
          }));

  @Test
  void noTypeIsAnEnum() throws SQLException {
    connection.createStatement().executeQuery(TYPES);
    connection.prepareStatement(TYPES);
    connection.prepareStatement("SELECT 1");
    String without = "SELECT nullif(t.typcategory, 'E') as category FROM pg_type t";
    assertEquals(List.of(without, without, "SELECT 1"), asked);
  }

  @Test
  void allOfDebeziumsQueriesOfTypesAreMeant() throws IllegalAccessException {
    int queries = 0;
    for (Field field : Arrays.stream(TypeRegistry.class.getDeclaredFields()).filter(field -> field.getType() == String.class).toList()) {
      field.setAccessible(true);
      String text = (String) field.get(null);
      if (!text.contains("enum_values")) continue;
      queries++;
      assertFalse(text.equals(EnumTypes.hidden(text)), field.getName());
    }
    assertTrue(queries >= 4, "Debezium asks for types in another way");
  }
}
