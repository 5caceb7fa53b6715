-- Hosts, agents, operations, certificates. Ids are UUIDs as text, times milliseconds since 1970,
-- lists and maps JSON as text: the same on SQLite and PostgreSQL.

CREATE TABLE server_state (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE host (
  id              TEXT PRIMARY KEY,
  name            TEXT   NOT NULL,
  status          TEXT   NOT NULL,
  status_since    BIGINT NOT NULL,
  enrolled_at     BIGINT NOT NULL,
  last_seen       BIGINT,
  session_epoch   BIGINT NOT NULL,
  inventory_epoch BIGINT NOT NULL,
  -- what the last session handed out, and what opened it; see NonceRule
  nonce           TEXT,
  previous_nonce  TEXT,
  machine_id      TEXT   NOT NULL,
  boot_id         TEXT   NOT NULL,
  sidecar_version TEXT,
  capabilities    TEXT   NOT NULL,
  conditions      TEXT   NOT NULL
);
CREATE INDEX host_by_name ON host (name, id);
CREATE INDEX host_by_status ON host (status);

CREATE TABLE host_label (
  host_id TEXT NOT NULL REFERENCES host (id) ON DELETE CASCADE,
  name    TEXT NOT NULL,
  value   TEXT NOT NULL,
  PRIMARY KEY (host_id, name)
);
CREATE INDEX host_label_by_value ON host_label (name, value, host_id);

CREATE TABLE host_fact (
  host_id TEXT NOT NULL REFERENCES host (id) ON DELETE CASCADE,
  name    TEXT NOT NULL,
  value   TEXT NOT NULL,
  PRIMARY KEY (host_id, name)
);
CREATE INDEX host_fact_by_value ON host_fact (name, value, host_id);

-- How far each numbering of a host's outbox is committed.
CREATE TABLE host_outbox (
  host_id          TEXT   NOT NULL REFERENCES host (id) ON DELETE CASCADE,
  incarnation      TEXT   NOT NULL,
  committed_number BIGINT NOT NULL,
  first_seen       BIGINT NOT NULL,
  PRIMARY KEY (host_id, incarnation)
);

-- Outlives its host: a revoked certificate stays revoked.
CREATE TABLE host_certificate (
  serial     TEXT PRIMARY KEY,
  host_id    TEXT   NOT NULL,
  issued_at  BIGINT NOT NULL,
  not_after  BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX host_certificate_by_host ON host_certificate (host_id);

CREATE TABLE enroll_token (
  id          TEXT PRIMARY KEY,
  secret_hash TEXT   NOT NULL UNIQUE,
  labels      TEXT   NOT NULL,
  uses        INTEGER NOT NULL,
  uses_left   INTEGER NOT NULL,
  networks    TEXT   NOT NULL,
  created_at  BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  created_by  TEXT   NOT NULL
);

-- Commands and definitions, each stored once under its SHA-256.
CREATE TABLE document (
  digest TEXT PRIMARY KEY,
  body   TEXT NOT NULL
);

CREATE TABLE agent (
  id                TEXT PRIMARY KEY,
  host_id           TEXT   NOT NULL REFERENCES host (id) ON DELETE CASCADE,
  name              TEXT   NOT NULL,
  type              TEXT   NOT NULL,
  package_reference TEXT,
  definition_digest TEXT   NOT NULL REFERENCES document (digest),
  revision          BIGINT NOT NULL,
  desired           TEXT   NOT NULL,
  -- what the host last said; observed_state is NULL when it said nothing
  observed_state    TEXT,
  observed_health   TEXT,
  observed_desired  TEXT,
  observed_revision BIGINT,
  observed_version  TEXT,
  observed_since    BIGINT,
  restarts          BIGINT,
  cause             TEXT,
  pid               INTEGER,
  next_start        BIGINT,
  conditions        TEXT,
  UNIQUE (host_id, name)
);
CREATE INDEX agent_by_name ON agent (name);
CREATE INDEX agent_by_package ON agent (package_reference);

CREATE TABLE batch (
  id              TEXT PRIMARY KEY,
  kind            TEXT   NOT NULL,
  agent_name      TEXT,
  target          TEXT   NOT NULL,
  created_by      TEXT   NOT NULL,
  created_at      BIGINT NOT NULL,
  deadline        BIGINT NOT NULL,
  total           BIGINT NOT NULL,
  idempotency_key TEXT,
  body_digest     TEXT,
  UNIQUE (created_by, idempotency_key)
);

-- Outlives its host and its agent.
CREATE TABLE operation (
  id              TEXT PRIMARY KEY,
  batch_id        TEXT   NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
  kind            TEXT   NOT NULL,
  host_id         TEXT   NOT NULL,
  host_name       TEXT   NOT NULL,
  agent_id        TEXT,
  agent_name      TEXT,
  command_digest  TEXT   NOT NULL REFERENCES document (digest),
  revision        BIGINT NOT NULL,
  state           TEXT   NOT NULL,
  created_at      BIGINT NOT NULL,
  deadline        BIGINT NOT NULL,
  cancel_requested BIGINT,
  sent_at         BIGINT,
  -- the session that its bytes were last given to, or whose inventory has it
  sent_epoch      BIGINT NOT NULL,
  started_at      BIGINT,
  finished_at     BIGINT,
  -- grows with each end in the batch
  finished_number BIGINT,
  message         TEXT   NOT NULL,
  end_kind        TEXT,
  end_value       INTEGER,
  end_reason      TEXT,
  output_digest   TEXT
);
CREATE INDEX operation_by_batch ON operation (batch_id, state);
CREATE INDEX operation_by_end ON operation (batch_id, finished_number);
CREATE INDEX operation_by_host ON operation (host_id, id);
CREATE INDEX operation_by_agent ON operation (agent_id, id);
CREATE INDEX operation_unfinished ON operation (host_id, id) WHERE finished_at IS NULL;
CREATE INDEX operation_queued ON operation (deadline) WHERE state = 'QUEUED';

-- Equal outputs are stored once.
CREATE TABLE output (
  digest      TEXT PRIMARY KEY,
  head        ${bytes} NOT NULL,
  tail        ${bytes} NOT NULL,
  total_bytes BIGINT   NOT NULL
);
