-- Secrets. Values are sealed with a key that is not in this store.

CREATE TABLE secret (
  name       TEXT PRIMARY KEY,
  -- raised each time the value is set
  version    BIGINT  NOT NULL,
  all_agents INTEGER NOT NULL,
  agents     TEXT    NOT NULL,
  key_id     TEXT    NOT NULL,
  nonce      TEXT    NOT NULL,
  ciphertext TEXT    NOT NULL,
  updated_at BIGINT  NOT NULL,
  updated_by TEXT    NOT NULL
);

-- Which versions an agent's host was given for the definition in force.
CREATE TABLE agent_secret (
  agent_id TEXT   NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  secret   TEXT   NOT NULL,
  version  BIGINT NOT NULL,
  PRIMARY KEY (agent_id, secret)
);
CREATE INDEX agent_secret_by_name ON agent_secret (secret, version);
