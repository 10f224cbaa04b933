CREATE SCHEMA IF NOT EXISTS rw;
CREATE TABLE IF NOT EXISTS rw.documents (id int PRIMARY KEY, body text, raw bytea);
INSERT INTO rw.documents VALUES (1, 'small', '\x00') ON CONFLICT DO NOTHING;
