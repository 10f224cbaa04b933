package cdc.connect;

import org.postgresql.geometric.PGbox;
import org.postgresql.geometric.PGcircle;
import org.postgresql.geometric.PGline;
import org.postgresql.geometric.PGlseg;
import org.postgresql.geometric.PGpath;
import org.postgresql.geometric.PGpoint;
import org.postgresql.geometric.PGpolygon;
import org.postgresql.util.PGobject;

/** Text of points, lines and shapes, whose coordinates the driver's classes hold as numbers. */
final class GeometryText {
  private GeometryText() {}

  /** @return null when it is none of them */
  static String of(PGobject value) {
    if (value instanceof PGpoint point) return point(point);
    if (value instanceof PGbox box) return points(box.point);
    if (value instanceof PGlseg segment) return "[" + points(segment.point) + "]";
    if (value instanceof PGpath path) return path.open ? "[" + points(path.points) + "]" : "(" + points(path.points) + ")";
    if (value instanceof PGpolygon polygon) return "(" + points(polygon.points) + ")";
    if (value instanceof PGcircle circle) return "<" + point(circle.center) + "," + FloatText.of(circle.radius) + ">";
    if (value instanceof PGline line) return "{" + FloatText.of(line.a) + "," + FloatText.of(line.b) + "," + FloatText.of(line.c) + "}";
    return null;
  }

  private static String points(PGpoint[] points) {
    StringBuilder to = new StringBuilder(points.length * 16);
    for (PGpoint point : points) to.append(to.isEmpty() ? "" : ",").append(point(point));
    return to.toString();
  }

  private static String point(PGpoint point) {
    return "(" + FloatText.of(point.x) + "," + FloatText.of(point.y) + ")";
  }
}
