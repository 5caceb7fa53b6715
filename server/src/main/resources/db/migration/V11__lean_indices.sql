-- Each index is written with each row. What no list needs, and what is only looked up where it has a value, costs that no more.

-- An event is found by its number, its host or its kind. An agent's events are among those of its host.
CREATE TABLE lean_event (
  id          ${sequence} PRIMARY KEY,
  received_at BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  host_id     TEXT,
  host_name   TEXT,
  agent_id    TEXT,
  agent_name  TEXT,
  kind        TEXT   NOT NULL,
  message     TEXT   NOT NULL
);
INSERT INTO lean_event (id, received_at, occurred_at, host_id, host_name, agent_id, agent_name, kind, message)
  SELECT id, received_at, occurred_at, host_id, host_name, agent_id, agent_name, kind, message FROM event ORDER BY id;
DROP TABLE event;
ALTER TABLE lean_event RENAME TO event;
CREATE INDEX event_by_host ON event (host_id, id);
CREATE INDEX event_by_kind ON event (kind, id);

DROP INDEX operation_by_agent;
CREATE INDEX operation_by_agent ON operation (agent_id, id) WHERE agent_id IS NOT NULL;
DROP INDEX operation_by_end;
CREATE INDEX operation_by_end ON operation (batch_id, finished_number) WHERE finished_number IS NOT NULL;
