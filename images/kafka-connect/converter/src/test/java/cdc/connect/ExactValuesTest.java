package cdc.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.data.SpecialValueDecimal;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.math.BigDecimal;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.postgresql.PGStatement;
import org.postgresql.core.Oid;
import org.postgresql.geometric.PGbox;
import org.postgresql.geometric.PGcircle;
import org.postgresql.geometric.PGline;
import org.postgresql.geometric.PGlseg;
import org.postgresql.geometric.PGpath;
import org.postgresql.geometric.PGpoint;
import org.postgresql.geometric.PGpolygon;
import org.postgresql.jdbc.PgArray;
import org.postgresql.util.PGInterval;
import org.postgresql.util.PGobject;

class ExactValuesTest {
  private static final int UNKNOWN = 123_456;

  private static Registered registered(Column column) {
    ExactValues values = new ExactValues();
    values.configure(new Properties());
    Registered registered = new Registered();
    values.converterFor(column, registered);
    return registered;
  }

  private static Registered of(int type, String name) {
    return registered(new Column(name, type, Types.OTHER, 0, 0, null));
  }

  private static Registered arrayOf(int type, String name) {
    return registered(new Column(name, type, Types.ARRAY, 0, 0, null));
  }

  private static void prints(String text, Registered column, Object... values) {
    for (Object value : values) assertEquals(text, column.converter.convert(value), () -> String.valueOf(value));
  }

  private static PGobject object(String type, String text) throws Exception {
    PGobject object = new PGobject();
    object.setType(type);
    object.setValue(text);
    return object;
  }

  @Test
  void everyFieldIsOptionalAndHasNoDefaultValue() {
    Registered column = registered(new Column("int4", Oid.INT4, Types.INTEGER, 10, 0, 7));
    Schema schema = column.schema.optional().defaultValue(7).build();
    assertTrue(schema.isOptional());
    assertNull(schema.defaultValue());
    assertEquals(Map.of("default", "true"), schema.parameters());
    assertNull(of(Oid.INT4, "int4").schema.build().parameters());
    assertNull(column.converter.convert(null));
  }

  @Test
  void numbersHaveTheirOwnTypes() {
    assertEquals((short) 3, of(Oid.INT2, "int2").converter.convert(3));
    assertEquals(3, of(Oid.INT4, "int4").converter.convert(3));
    assertEquals(4_294_967_295L, of(Oid.OID, "oid").converter.convert(4_294_967_295L));
    assertEquals(0.1f, of(Oid.FLOAT4, "float4").converter.convert(0.1f));
    assertEquals(Double.NaN, of(Oid.FLOAT8, "float8").converter.convert(Double.NaN));
    assertEquals(true, of(Oid.BOOL, "bool").converter.convert(true));
    assertEquals(Schema.Type.INT64, of(Oid.INT8, "int8").schema.type());
  }

  @Test
  void textOfTheStreamIsWrittenByTheTypeThatTheLogHas() {
    Registered bool = of(Oid.BOOL, "text");
    assertEquals(true, bool.converter.convert("t"));
    assertEquals(false, bool.converter.convert("f"));
    assertEquals((short) -3, of(Oid.INT2, "text").converter.convert("-3"));
    assertEquals(12, of(Oid.INT4, "text").converter.convert("12"));
    assertEquals(4_294_967_295L, of(Oid.OID, "text").converter.convert("4294967295"));
    assertEquals(Float.NEGATIVE_INFINITY, of(Oid.FLOAT4, "text").converter.convert("-Infinity"));
    assertEquals(1e-05, of(Oid.FLOAT8, "text").converter.convert("1e-05"));
    prints("1.50", of(Oid.NUMERIC, "text"), "1.50");
    prints("-1234.50", of(Oid.MONEY, "text"), "-$1,234.50");
    prints("0044-03-15 BC", of(Oid.DATE, "text"), "0044-03-15 BC");
    prints("AP8=", of(Oid.BYTEA, "text"), "\\x00ff");
    prints("{1,NULL}", arrayOf(Oid.INT4_ARRAY, "text"), "{1,NULL}");
    prints("{1.50,-1234.50,NULL}", arrayOf(Oid.MONEY_ARRAY, "text"), "{$1.50,\"-$1,234.50\",NULL}");
  }

  @Test
  void oneBitIsATruthValue() {
    Registered one = registered(new Column("bit", Oid.BIT, Types.BIT, 1, 0, null));
    assertEquals(Schema.Type.BOOLEAN, one.schema.type());
    assertEquals(true, one.converter.convert("1"));
    assertEquals(false, one.converter.convert("0"));
    prints("101", registered(new Column("bit", Oid.BIT, Types.BIT, 3, 0, null)), "101");
  }

  @Test
  void decimalsKeepEveryDigit() {
    Registered column = of(Oid.NUMERIC, "numeric");
    prints("12300", column, new SpecialValueDecimal(new BigDecimal("1.23E+4")), new BigDecimal("12300"));
    prints("1.50", column, new SpecialValueDecimal(new BigDecimal("1.50")));
    prints("NaN", column, SpecialValueDecimal.NOT_A_NUMBER);
    prints("-Infinity", column, SpecialValueDecimal.NEGATIVE_INF);
    assertNull(column.schema.parameters());
    assertEquals(Map.of("precision", "10", "scale", "2"), registered(new Column("numeric", Oid.NUMERIC, Types.NUMERIC, 10, 2, null)).schema.parameters());
    // What pgjdbc makes of a scale of -2, and of no precision.
    assertEquals(Map.of("precision", "5", "scale", "-2"), registered(new Column("numeric", Oid.NUMERIC, Types.NUMERIC, 5, 2046, null)).schema.parameters());
    assertNull(registered(new Column("numeric", Oid.NUMERIC, Types.NUMERIC, 131_089, 0, null)).schema.parameters());
    prints("-92233720368547758.08", of(Oid.MONEY, "money"), new BigDecimal("-92233720368547758.08"));
    prints("7.00", of(Oid.MONEY, "money"), new BigDecimal("7"));
  }

  @Test
  void datesAreInPostgresqlsCalendar() {
    Registered column = of(Oid.DATE, "date");
    prints("2024-02-29", column, LocalDate.of(2024, 2, 29), "2024-02-29", java.sql.Date.valueOf("2024-02-29"));
    prints("0044-03-15 BC", column, LocalDate.of(-43, 3, 15), "0044-03-15 BC");
    prints("5874897-12-31", column, LocalDate.of(5_874_897, 12, 31));
    prints("infinity", column, PostgresValueConverter.POSITIVE_INFINITY_LOCAL_DATE, new java.sql.Date(PGStatement.DATE_POSITIVE_INFINITY));
    prints("-infinity", column, PostgresValueConverter.NEGATIVE_INFINITY_LOCAL_DATE, new java.sql.Date(PGStatement.DATE_NEGATIVE_INFINITY));
    prints("1500-02-28", column, LocalDate.of(1500, 2, 28), java.sql.Date.valueOf("1500-02-28"));
  }

  @Test
  void timestampsAreAlikeInSnapshotsAndStream() {
    Registered column = of(Oid.TIMESTAMP, "timestamp");
    prints("2024-01-01 12:00:00.5", column, Instant.parse("2024-01-01T12:00:00.5Z"), "2024-01-01 12:00:00.5");
    prints("1969-12-31 23:59:59.999999", column, Instant.parse("1969-12-31T23:59:59.999999Z"));
    prints("0044-03-15 00:00:00 BC", column, Instant.parse("-0043-03-15T00:00:00Z"));
    prints("infinity", column, PostgresValueConverter.POSITIVE_INFINITY_INSTANT, "infinity");
    prints("-infinity", column, PostgresValueConverter.NEGATIVE_INFINITY_INSTANT);
  }

  @Test
  void momentsAreInUtc() throws Exception {
    Registered column = of(Oid.TIMESTAMPTZ, "timestamptz");
    prints("2024-01-01 10:00:00.5+00", column, OffsetDateTime.parse("2024-01-01T12:00:00.5+02:00"), "2024-01-01 10:00:00.5+00", "2024-01-01 12:00:00.5+02",
        "2024-01-01 15:30:00.5+05:30", "2024-01-01T10:00:00.500000Z");
    prints("0001-12-31 23:06:32+00 BC", column, "0001-01-01 00:00:00+00:53:28");
    prints("infinity", column, PostgresValueConverter.POSITIVE_INFINITY_OFFSET_DATE_TIME, "infinity");
    prints("{\"2024-01-01 10:00:00+00\",NULL,infinity}", arrayOf(Oid.TIMESTAMPTZ_ARRAY, "_timestamptz"),
        new PgArray(null, Oid.TIMESTAMPTZ_ARRAY, "{\"2024-01-01 12:00:00+02\",NULL,infinity}"));
  }

  @Test
  void intervalsAreInPostgresqlsStyle() throws Exception {
    Registered column = of(Oid.INTERVAL, "interval");
    for (String text : new String[] {"1 year 2 mons -3 days +04:05:06.5", "-1 years -2 mons +3 days -00:00:00.000001", "00:00:00", "-1 days", "1 day", "1 mon -1 days",
        "-1 mons +1 day", "2147483647:59:59.999999", "-00:00:01", "178000000 years"}) {
      prints(text, column, new PGInterval(text), object("interval", text));
    }
    prints("11 mons", column, new PGInterval("1 year -1 mons"));
  }

  @Test
  void shapesHaveTheServersNumbers() throws Exception {
    prints("(0.1,-0)", of(Oid.POINT, "point"), new PGpoint(0.1, -0.0));
    prints("(1e+15,123456789012345)", of(Oid.POINT, "point"), new PGpoint(1e15, 123456789012345d));
    prints("(9.999999999999999e+22,1.0000000000000001e+23)", of(Oid.POINT, "point"), new PGpoint(1e23, Math.nextUp(1e23)));
    prints("(5e-324,0.0001)", of(Oid.POINT, "point"), new PGpoint(Double.MIN_VALUE, 1e-4));
    prints("(1e-05,NaN)", of(Oid.POINT, "point"), new PGpoint(1e-5, Double.NaN));
    prints("(3,4),(1,2)", of(Oid.BOX, "box"), new PGbox("(3,4),(1,2)"));
    prints("[(1,2),(3,4.5)]", of(UNKNOWN, "lseg"), new PGlseg("[(1,2),(3,4.5)]"));
    prints("[(1,2),(3,4)]", of(UNKNOWN, "path"), new PGpath("[(1,2),(3,4)]"));
    prints("((1,2),(3,4))", of(UNKNOWN, "path"), new PGpath("((1,2),(3,4))"));
    prints("((0,0),(1,1))", of(UNKNOWN, "polygon"), new PGpolygon("((0,0),(1,1))"));
    prints("<(1,2),3.5>", of(UNKNOWN, "circle"), new PGcircle("<(1,2),3.5>"));
    prints("{1,-1,0.5}", of(UNKNOWN, "line"), new PGline("{1,-1,0.5}"));
  }

  @Test
  void hstoresAreJsonInTheServersOrder() {
    Map<String, String> pairs = new LinkedHashMap<>();
    pairs.put("ccc", "NULL");
    pairs.put("ü", "\t\u0001\"\\");
    pairs.put("a", null);
    String json = "{\"a\": null, \"ü\": \"\\t\\u0001\\\"\\\\\", \"ccc\": \"NULL\"}";
    prints(json, of(UNKNOWN, "hstore"), pairs, "\"a\"=>NULL, \"ü\"=>\"\t\u0001\\\"\\\\\", \"ccc\"=>\"NULL\"");
    prints("{}", of(UNKNOWN, "hstore"), Map.of(), "");
  }

  @Test
  void arraysSayWhatTheirElementsAre() throws Exception {
    assertEquals(Map.of("element", "int4"), arrayOf(Oid.INT4_ARRAY, "numbers").schema.parameters());
    assertEquals(Map.of("element", "mood"), arrayOf(UNKNOWN, "_mood").schema.parameters());
    assertEquals(Map.of("element", "mood"), arrayOf(UNKNOWN, "\"other schema\".\"_mood\"").schema.parameters());
    Registered decimals = registered(new Column("_numeric", Oid.NUMERIC_ARRAY, Types.ARRAY, 10, 2, null));
    assertEquals("[element, precision, scale]", decimals.schema.parameters().keySet().toString());
    prints("[0:1]={1,NULL}", arrayOf(Oid.INT4_ARRAY, "_int4"), new PgArray(null, Oid.INT4_ARRAY, "[0:1]={1,NULL}"));
    prints("{1.50,-1234.50,NULL}", arrayOf(Oid.MONEY_ARRAY, "_money"), new PgArray(null, Oid.MONEY_ARRAY, "{$1.50,\"-$1,234.50\",NULL}"));
  }

  @Test
  void otherTypesAreText() throws Exception {
    prints("6c1f2f9e-6a52-4d0b-8f3e-1a2b3c4d5e6f", of(Oid.UUID, "uuid"), UUID.fromString("6c1f2f9e-6a52-4d0b-8f3e-1a2b3c4d5e6f"));
    prints("(a,)", of(UNKNOWN, "address"), object("address", "(a,)"), "(a,)");
    prints("AP8=", of(Oid.BYTEA, "bytea"), new byte[] {0, -1}, "\\x00ff");
    assertEquals("cdc.Bytes", of(Oid.BYTEA, "bytea").schema.name());
    assertEquals("cdc.Vector", of(UNKNOWN, "halfvec").schema.name());
  }

  @Test
  void whatWasNotLoggedIsAMark() {
    prints("\0", of(Oid.TEXT, "text"), new Object());
    prints("\0", of(Oid.NUMERIC, "numeric"), new Object());
    prints("\0", arrayOf(Oid.NUMERIC_ARRAY, "_numeric"), new Object());
  }

  @Test
  void nothingIsThrownForAValueThatCannotBeWritten() {
    Registered column = of(Oid.TEXT, "text");
    Object found = column.converter.convert(Arrays.asList(1, 2));
    assertEquals("\0java.lang.IllegalArgumentException: No text of java.util.Arrays$ArrayList is known", found);
    assertNull(of(Oid.INT4, "int4").converter.convert("x"));
  }

  /** What the converter registers. */
  private static final class Registered implements CustomConverter.ConverterRegistration<SchemaBuilder> {
    SchemaBuilder schema;
    CustomConverter.Converter converter;

    @Override
    public void register(SchemaBuilder schema, CustomConverter.Converter converter) {
      this.schema = schema;
      this.converter = converter;
    }
  }

  private record Column(String typeName, int nativeType, int jdbcType, int precision, int digits, Object defaultValue) implements RelationalColumn {
    @Override
    public String name() {
      return "column";
    }

    @Override
    public String dataCollection() {
      return "public.table";
    }

    @Override
    public String typeExpression() {
      return typeName;
    }

    @Override
    public OptionalInt length() {
      return precision == 0 ? OptionalInt.empty() : OptionalInt.of(precision);
    }

    @Override
    public OptionalInt scale() {
      return OptionalInt.of(digits);
    }

    @Override
    public boolean isOptional() {
      return false;
    }

    @Override
    public boolean hasDefaultValue() {
      return true;
    }
  }
}
