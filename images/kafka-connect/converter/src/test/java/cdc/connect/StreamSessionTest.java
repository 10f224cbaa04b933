package cdc.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.core.BaseConnection;

class StreamSessionTest {
  private final List<String> calls = new ArrayList<>();
  private int opened;

  private Connection open() {
    int number = ++opened;
    calls.add("open " + number);
    return Wrapped.of(BaseConnection.class, (method, arguments) -> {
      if (method.getName().equals("unwrap")) return session(number);
      calls.add(method.getName() + " " + number);
      return null;
    });
  }

  private BaseConnection session(int number) {
    return Wrapped.of(BaseConnection.class, (method, arguments) -> {
      calls.add(method.getName() + " of the driver's " + number);
      return null;
    });
  }

  @Test
  void theLogIsReadInASessionOfItsOwn() throws SQLException {
    Connection connection = StreamSession.of(this::open);
    BaseConnection driver = connection.unwrap(BaseConnection.class);
    driver.createStatement();
    driver.getReplicationAPI();
    driver.commit();
    connection.close();
    assertEquals(
        List.of("open 1", "createStatement of the driver's 1", "close 1", "open 2", "getReplicationAPI of the driver's 2", "commit of the driver's 2", "close 2"), calls);
  }
}
