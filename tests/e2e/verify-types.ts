/** A table with a column of every type that verify compares, and of some that it does not; and rows for it. */
export const TYPES = `
CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s "fine"');
CREATE DOMAIN positive AS int CHECK (value > 0);
CREATE TABLE typed (
  id bigint PRIMARY KEY, si smallint, i int, b bigint, o oid, bo boolean, t text, vc varchar(20), ch char(8), u uuid,
  j json, jb jsonb, x xml, d date, ts timestamp, ts3 timestamp(3), ts0 timestamp(0), tz timestamptz, tz0 timestamptz(0),
  tm time, tm3 time(3), ttz timetz, iv interval, n numeric(20, 4), n0 numeric(5, 0), n38 numeric(38, 10), nfree numeric,
  r real, f double precision, by bytea, bit1 bit(1), m mood, dom positive, inet inet, ci cidr, mac macaddr,
  a_int int[], a_big bigint[], a_text text[], a_bool boolean[], a_uuid uuid[],
  not_point point, not_bits bit(5), not_generated int GENERATED ALWAYS AS (i * 2) STORED);
ALTER TABLE typed REPLICA IDENTITY FULL;
CREATE TABLE typed_rows AS SELECT * FROM typed;
ALTER TABLE typed_rows DROP COLUMN not_generated;
INSERT INTO typed_rows VALUES
 (1, -5, 7, 9223372036854775807, 4294967295, true, E'a"b\\\\c\\té🦆\\n\\x01z', '', 'pad', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
  '{"a" : 1.50, "b":[1,  2]}', '{"a" : 1.50, "b":[1,  2]}', '<a>b</a>', '2020-02-29', '2020-02-29 12:34:56.123456',
  '2020-02-29 12:34:56.123456', '2020-02-29 12:34:56', '2020-02-29 12:34:56.12+03', '2020-02-29 12:34:56+03',
  '12:34:56.5', '12:34:56.123', '12:34:56.123+02', '1 year 2 mons 1 day 02:03:04.5', -12345.6789, 99999,
  12345678901234567890.1234567891, 1.50, 0.1, 1e300, '\\x00ff10aa', B'1', 'it''s "fine"', 5, '10.0.0.1', '10.0.0.0/8',
  '08:00:2b:01:02:03', '{1,NULL,-3}', '{9223372036854775807}', ARRAY['a"b', 'x,y', NULL, '', E'tab\\té'], '{t,f}',
  ARRAY['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']::uuid[], '(1,2)', B'10101'),
 (4, 0, 0, 0, 0, false, '', 'NULL', '12345678', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'null', '[]', '<a/>', 'infinity',
  'infinity', '-infinity', '1969-12-31 23:59:59', 'infinity', '-infinity', '24:00:00', '00:00:00', '00:00:00+00', '-3 mons', 0,
  0, 0, 0, 'NaN', 'Infinity', '', B'0', 'ok', 5, '::1', '::1/128', '08:00:2b:01:02:03', '{}', '{}', '{}', '{}', '{}', '(0,0)', B'00000'),
 (5, 0, 0, -1, 0, false, 'toast', 'x', ' 1 ', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '"q"', '"q"', '<a/>', '0044-03-15 BC',
  '0001-01-01 00:00:00', '1500-01-01 00:00:00', '9999-12-31 23:59:59', '1500-01-01 00:00:00.5+00', '12345-01-01 00:00:00+00',
  '00:00:00.000001', '00:00:00.1', '01:02:03-05:30', '1 us', -128, -128, -0.0000000001,
  -123456789012345678901234567890123456789012345678901234567890.5, -0.0, 123456789012345680, '\\xff', B'0', 'ok', 5, '10.1.2.0/24',
  '::1/128', '08:00:2b:01:02:03', '{}', '{}', '{}', '{}', '{}', '(0,0)', B'00001'),
 (6, 0, 0, -1, 0, false, 'x', 'x', 'a', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '1', '1', '<a/>', '1969-12-31',
  '1969-12-31 23:59:59.999999', '1969-12-31 23:59:59.999', '1970-01-01', '2020-01-01 00:00:00+00', '1969-12-31 23:59:59+00',
  '01:00', '01:00', '01:02:03.5-05:30', '-00:00:00.000001', 128, -32768, 12, 1e30, 3.4028235e38, 5e-324, '\\xff00', B'0', 'sad', 5,
  '10.1.2.0', '::1/128', '08:00:2b:01:02:03', '{}', '{}', '{}', '{}', '{}', '(0,0)', B'00001');
INSERT INTO typed_rows (id) VALUES (2), (3);
UPDATE typed_rows SET t = repeat('large', 4000) WHERE id = 5;`;
