package cdc.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class BoundedRowsTest {
  /** A driver that fetches as many rows as it was told last, and notes how many bytes it had at once. */
  private static final class Driver {
    final long[] widths;
    int read = 0;
    int inFetch = 0;
    int fetchSize = 2;
    long most = 0;
    int fetches = 0;

    Driver(long... widths) {
      this.widths = widths;
    }

    ResultSet rows() {
      return Wrapped.of(ResultSet.class, (method, arguments) -> {
        if (method.getName().equals("setFetchSize")) fetchSize = (int) arguments[0];
        return method.getName().equals("next") ? next() : null;
      });
    }

    private boolean next() {
      if (read == widths.length) return false;
      if (inFetch == 0) {
        inFetch = fetchSize;
        fetches++;
        long bytes = 0;
        for (int i = read; i < Math.min(read + fetchSize, widths.length); i++) bytes += widths[i];
        most = Math.max(most, bytes);
      }
      inFetch--;
      read++;
      return true;
    }

    /** @return how many rows came */
    int readAll(long most, int asked, boolean mayEnd) throws SQLException {
      ResultSet rows = BoundedRows.of(rows(), () -> widths[read - 1], most, asked, mayEnd);
      int count = 0;
      while (rows.next()) count++;
      return count;
    }
  }

  private static Driver rows(int count, long width) {
    long[] widths = new long[count];
    java.util.Arrays.fill(widths, width);
    return new Driver(widths);
  }

  @Test
  void narrowRowsAreSoonFetchedAsManyAtOnceAsAskedFor() throws SQLException {
    Driver driver = rows(100_000, 100);
    assertEquals(100_000, driver.readAll(40_000_000, 10_240, false));
    assertTrue(driver.fetches <= 8 + 100_000 / 10_240, () -> driver.fetches + " fetches");
  }

  @Test
  void wideRowsNeverTakeMoreThanTheyMayButForTheFirst() throws SQLException {
    Driver driver = rows(5_000, 192_000);
    assertEquals(5_000, driver.readAll(26_000_000, 10_240, false));
    assertTrue(driver.most <= 26_000_000, () -> driver.most + " bytes at once");
    Driver wider = rows(100, 10_000_000);
    assertEquals(100, wider.readAll(26_000_000, 10_240, false));
    assertEquals(2 * 10_000_000L, wider.most);
    assertEquals(2, wider.fetchSize);
  }

  @Test
  void aChunkEndsOnceItHasWhatItMayHave() throws SQLException {
    assertEquals(3, rows(100, 10_000_000).readAll(26_000_000, 10_240, true));
    assertEquals(1, rows(100, 64_000_000).readAll(26_000_000, 10_240, true));
    assertEquals(1_024, rows(1_024, 100).readAll(26_000_000, 10_240, true));
  }
}
