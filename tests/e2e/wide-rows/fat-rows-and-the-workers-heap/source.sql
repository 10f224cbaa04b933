CREATE SCHEMA IF NOT EXISTS rw;
CREATE TABLE IF NOT EXISTS rw.fat_rows (id int PRIMARY KEY, body text, n int);
INSERT INTO rw.fat_rows SELECT i, repeat(md5(i::text), 5940), 0 FROM generate_series(1, 3000) AS i ON CONFLICT DO NOTHING;
