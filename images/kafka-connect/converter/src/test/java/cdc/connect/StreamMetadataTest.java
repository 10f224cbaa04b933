package cdc.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class StreamMetadataTest {
  /** A driver whose answers have in each column its number, in the ninth a name. */
  private static final DatabaseMetaData DRIVER =
      Wrapped.of(
          DatabaseMetaData.class,
          (asked, of) ->
              Wrapped.of(
                  ResultSet.class,
                  (method, arguments) -> method.getName().equals("getString") ? (int) arguments[0] == 9 ? "qu\"\"ote" : String.valueOf(arguments[0]) : arguments[0]));

  /** Has the name of the decoder's method. */
  private static ResultSet getTableColumnsForDecoder(DatabaseMetaData metadata) throws SQLException {
    return metadata.getColumns(null, "public", "t", null);
  }

  @Test
  void theDecoderIsToldThatEveryColumnIsText() throws SQLException {
    ResultSet columns = getTableColumnsForDecoder(StreamMetadata.of(DRIVER, true));
    assertEquals("4", columns.getString(4));
    assertEquals("text", columns.getString(6));
    assertNull(columns.getString(13));
    assertEquals(11, columns.getInt(11));
  }

  @Test
  void othersHaveTheTypes() throws SQLException {
    ResultSet columns = StreamMetadata.of(DRIVER, true).getColumns(null, "public", "t", null);
    assertEquals("6", columns.getString(6));
    assertEquals("13", columns.getString(13));
    assertEquals("6", getTableColumnsForDecoder(StreamMetadata.of(DRIVER, false)).getString(6));
  }

  @Test
  void quotesInNamesOfIndexedColumnsAreSingle() throws SQLException {
    assertEquals("qu\"ote", StreamMetadata.of(DRIVER, false).getIndexInfo(null, "public", "t", true, true).getString(9));
  }
}
