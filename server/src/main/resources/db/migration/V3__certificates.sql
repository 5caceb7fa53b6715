-- Renewal: which authority issued a certificate, and which of a host's certificates is the one in use.

-- SHA-256 of the authority's certificate, hexadecimal
ALTER TABLE host_certificate ADD COLUMN authority TEXT NOT NULL DEFAULT '';
-- when the host first opened a session with it, or enrolled
ALTER TABLE host_certificate ADD COLUMN used_at BIGINT;
-- when a later one was used in its place: from then on it is good for renewal only
ALTER TABLE host_certificate ADD COLUMN superseded_at BIGINT;
UPDATE host_certificate SET used_at = issued_at;
CREATE INDEX host_certificate_by_end ON host_certificate (not_after);
