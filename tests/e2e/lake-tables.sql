-- Tables of the lake's end-to-end test.
CREATE TABLE IF NOT EXISTS public.kinds (
  id bigint PRIMARY KEY,
  small smallint,
  yes boolean,
  word text,
  code uuid,
  exact numeric(12,3),
  free numeric,
  real real,
  double double precision,
  day date,
  at timestamp,
  at_ms timestamp(3),
  at_zone timestamptz,
  clock time,
  raw bytea,
  doc jsonb,
  numbers int[],
  words text[]
);
CREATE TABLE IF NOT EXISTS public.stock (id int PRIMARY KEY, amount int, note text);
ALTER TABLE public.stock ALTER COLUMN note SET STORAGE EXTERNAL;
CREATE TABLE IF NOT EXISTS public.visits (visitor text, day date);
ALTER TABLE public.visits REPLICA IDENTITY FULL;
CREATE TABLE IF NOT EXISTS public.seats (line text NOT NULL, seat int NOT NULL, taken_by text);
ALTER TABLE public.seats REPLICA IDENTITY FULL;
