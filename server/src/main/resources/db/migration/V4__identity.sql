-- Who a host's last session was with, the copies that claim its identity, certificates that await an
-- operator's approval, and hosts that go by themselves.

ALTER TABLE host ADD COLUMN session_address TEXT NOT NULL DEFAULT '';
ALTER TABLE host ADD COLUMN session_host_name TEXT NOT NULL DEFAULT '';
-- one life of the sidecar's process
ALTER TABLE host ADD COLUMN session_instance TEXT NOT NULL DEFAULT '';
-- the store's generation that handed out the nonce
ALTER TABLE host ADD COLUMN session_generation TEXT NOT NULL DEFAULT '';
-- sessions up to this epoch belonged to another copy of the host than the one that went on
ALTER TABLE host ADD COLUMN forked_epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE host ADD COLUMN ephemeral INTEGER NOT NULL DEFAULT 0;

CREATE TABLE host_copy (
  host_id    TEXT   NOT NULL REFERENCES host (id) ON DELETE CASCADE,
  id         TEXT   NOT NULL,
  nonce      TEXT   NOT NULL,
  machine_id TEXT   NOT NULL,
  boot_id    TEXT   NOT NULL,
  host_name  TEXT   NOT NULL,
  address    TEXT   NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen  BIGINT NOT NULL,
  standing   TEXT   NOT NULL,
  PRIMARY KEY (host_id, id)
);

-- Good by its signature, but not known to this store: it counts once an operator approved its host.
ALTER TABLE host_certificate ADD COLUMN awaiting INTEGER NOT NULL DEFAULT 0;
