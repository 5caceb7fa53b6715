-- Operators' access, the audit log, packages and the history.

CREATE TABLE operator_token (
  id          TEXT PRIMARY KEY,
  name        TEXT    NOT NULL,
  role        TEXT    NOT NULL,
  may_exec    INTEGER NOT NULL,
  secret_hash TEXT    NOT NULL UNIQUE,
  created_at  BIGINT  NOT NULL,
  expires_at  BIGINT  NOT NULL
);
CREATE INDEX operator_token_by_name ON operator_token (name);

CREATE TABLE audit_entry (
  sequence BIGINT PRIMARY KEY,
  at       BIGINT NOT NULL,
  actor    TEXT   NOT NULL,
  address  TEXT   NOT NULL,
  action   TEXT   NOT NULL,
  subject  TEXT   NOT NULL,
  hosts    BIGINT NOT NULL,
  hash     TEXT   NOT NULL
);

CREATE TABLE package (
  name      TEXT   NOT NULL,
  version   TEXT   NOT NULL,
  sha256    TEXT   NOT NULL,
  size      BIGINT NOT NULL,
  pushed_at BIGINT NOT NULL,
  pushed_by TEXT   NOT NULL,
  PRIMARY KEY (name, version)
);
CREATE INDEX package_by_sha256 ON package (sha256);

CREATE TABLE event (
  id          BIGINT PRIMARY KEY,
  received_at BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  host_id     TEXT,
  host_name   TEXT,
  agent_id    TEXT,
  agent_name  TEXT,
  kind        TEXT   NOT NULL,
  message     TEXT   NOT NULL
);
CREATE INDEX event_by_host ON event (host_id, id);
CREATE INDEX event_by_agent ON event (agent_id, id);
CREATE INDEX event_by_kind ON event (kind, id);
