/** Tables that cannot be captured, or not whole: preview says why. */

export const NOT_CAPTURED = `
CREATE EXTENSION IF NOT EXISTS file_fdw;
CREATE SERVER rw_files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE rw.from_elsewhere (line text) SERVER rw_files OPTIONS (filename '/etc/hostname');
CREATE SEQUENCE rw.numbers;
CREATE TABLE rw.case_twins (id int PRIMARY KEY, name text, "Name" int);
CREATE TABLE rw.generated_key (a int, id int GENERATED ALWAYS AS (a * 2) STORED PRIMARY KEY);
CREATE TABLE rw.mute (id int PRIMARY KEY, v text);
ALTER TABLE rw.mute REPLICA IDENTITY NOTHING;
CREATE TABLE rw.keyless (v text);
CREATE TABLE rw.partial_key (id int NOT NULL, v text);
CREATE UNIQUE INDEX partial_key_id ON rw.partial_key (id) WHERE id > 0;
ALTER TABLE rw.partial_key REPLICA IDENTITY FULL;`;
