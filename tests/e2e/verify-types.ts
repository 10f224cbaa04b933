/** A table with a column of every type that verify compares, and of some that it does not; and rows for it. */
export const TYPES = `
CREATE EXTENSION IF NOT EXISTS hstore; CREATE EXTENSION IF NOT EXISTS citext; CREATE EXTENSION IF NOT EXISTS ltree;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s "fine"');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN positive AS int CHECK (value > 0);
CREATE DOMAIN email AS citext;
CREATE TABLE typed (
  id bigint PRIMARY KEY, si smallint, i int, b bigint, o oid, bo boolean, t text, vc varchar(20), ch char(8), u uuid,
  j json, jb jsonb, x xml, d date, ts timestamp, ts3 timestamp(3), ts0 timestamp(0), tz timestamptz, tz0 timestamptz(0),
  tm time, tm3 time(3), ttz timetz, iv interval, n numeric(20, 4), n0 numeric(5, 0), n38 numeric(38, 10), nfree numeric,
  r real, f double precision, by bytea, bit1 bit(1), m mood, dom positive, inet inet, ci cidr, mac macaddr,
  a_int int[], a_big bigint[], a_text text[], a_bool boolean[], a_uuid uuid[],
  money money, bits bit(5), vb varbit, pt point, box box, poly polygon, rng int4range, tzr tstzrange, mrng int4multirange,
  p pair, hs hstore, cit citext, em email, lt ltree, tsv tsvector, lsn pg_lsn, nm name, n50 numeric(50, 5), nneg numeric(5, -2),
  a_f double precision[], a_r real[], a_num numeric[], a_n2 numeric(10, 2)[], a_mood mood[], a_by bytea[], a_ts timestamp[],
  a_tz timestamptz[], a_d date[], a_pair pair[], a_json jsonb[], a_2 int[][], a_time time[], a_iv interval[], a_bit bit(3)[],
  not_generated int GENERATED ALWAYS AS (i * 2) STORED);
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
  ARRAY['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']::uuid[],
  -1234.5, B'10101', B'101', '(1,2.5)', '(1,2),(0,0)', '((0,0),(1,1))', '[1,5)', '[2020-01-01 00:00+02,)', '{[1,2),[5,9)}',
  ROW(1, 'x"y,z'), 'b=>1, aa=>NULL, "c d"=>"é\\"q"', 'CiText', 'A@b', 'a.b.c', 'a:1 b:2', '16/B374D848', 'nm', 12345.5, 12345,
  '{0.1,NULL,1e20,-0}', '{0.1,1e10}', '{1.50,NaN,12300}', '{1.5,NULL}', '{ok,"it''s \\"fine\\""}', '{"\\\\x00ff",NULL}',
  '{"2020-02-29 12:34:56.5"}', '{"2020-02-29 12:34:56.5+02"}', '{2020-02-29,NULL}', ARRAY[ROW(1, 'a b')::pair, NULL], '{"{\\"a\\": 1}"}',
  '{1,2}', '{12:34:56.5}', '{1 day}', '{101,011}'),
 (4, 0, 0, 0, 0, false, '', 'NULL', '12345678', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'null', '[]', '<a/>', 'infinity',
  'infinity', '-infinity', '1969-12-31 23:59:59', 'infinity', '-infinity', '24:00:00', '00:00:00', '00:00:00+00', '-3 mons', 0,
  0, 0, 0, 'NaN', 'Infinity', '', B'0', 'ok', 5, '::1', '::1/128', '08:00:2b:01:02:03', '{}', '{}', '{}', '{}', '{}',
  0, B'00000', B'', '(0,0)', '(0,0),(0,0)', '((0,0))', 'empty', 'empty', '{}', ROW(NULL, NULL), '', '', '', '', '', '0/0', '', 0, 0,
  '{}', '{NaN,-Infinity}', '{}', '{NaN,1}', '{}', '{}', '{infinity,"2020-01-01 00:00:00"}', '{-infinity}', '{"0044-03-15 BC"}', '{}', '{}', '{}', '{}', '{}', '{}');
INSERT INTO typed_rows (id, si, i, b, o, bo, t, vc, ch, u, j, jb, x, d, ts, ts3, ts0, tz, tz0, tm, tm3, ttz, iv, n, n0, n38, nfree, r, f,
   by, bit1, m, dom, inet, ci, mac, a_int, a_big, a_text, a_bool, a_uuid) VALUES
 (5, 0, 0, -1, 0, false, 'toast', 'x', ' 1 ', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '"q"', '"q"', '<a/>', '0044-03-15 BC',
  '0001-01-01 00:00:00', '1500-01-01 00:00:00', '9999-12-31 23:59:59', '1500-01-01 00:00:00.5+00', '12345-01-01 00:00:00+00',
  '00:00:00.000001', '00:00:00.1', '01:02:03-05:30', '1 us', -128, -128, -0.0000000001,
  -123456789012345678901234567890123456789012345678901234567890.5, -0.0, 123456789012345680, '\\xff', B'0', 'ok', 5, '10.1.2.0/24',
  '::1/128', '08:00:2b:01:02:03', '{}', '{}', '{}', '{}', '{}'),
 (6, 0, 0, -1, 0, false, 'x', 'x', 'a', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '1', '1', '<a/>', '1969-12-31',
  '1969-12-31 23:59:59.999999', '1969-12-31 23:59:59.999', '1970-01-01', '2020-01-01 00:00:00+00', '1969-12-31 23:59:59+00',
  '01:00', '01:00', '01:02:03.5-05:30', '-00:00:00.000001', 128, -32768, 12, 1e30, 3.4028235e38, 5e-324, '\\xff00', B'0', 'sad', 5,
  '10.1.2.0', '::1/128', '08:00:2b:01:02:03', '{}', '{}', '{}', '{}', '{}');
INSERT INTO typed_rows (id) VALUES (2), (3);
UPDATE typed_rows SET t = repeat('large', 4000), a_text = (SELECT array_agg(md5(g::text)) FROM generate_series(1, 500) g) WHERE id = 5;`;
