-- What is kept for a time and in a number: which of it is the oldest, and who still needs it.

-- 1: nobody sees the batch any more; its operations are being removed, in small steps
ALTER TABLE batch ADD COLUMN leaving INTEGER NOT NULL DEFAULT 0;
CREATE INDEX batch_kept ON batch (created_at, total, id) WHERE leaving = 0;
CREATE INDEX batch_leaving ON batch (id) WHERE leaving = 1;

-- to find a document that nobody refers to
CREATE INDEX operation_by_command ON operation (command_digest);
CREATE INDEX agent_by_definition ON agent (definition_digest);

-- when an operation last ended with it, to the minute; and its bytes
ALTER TABLE output ADD COLUMN last_used BIGINT NOT NULL DEFAULT 0;
ALTER TABLE output ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
UPDATE output SET
  size = length(head) + length(tail),
  last_used = (SELECT COALESCE(MAX(finished_at), 0) FROM operation);
CREATE INDEX output_by_use ON output (last_used, size);

-- The last entry that was removed from the beginning of the audit log: the chain goes on from it.
CREATE TABLE audit_anchor (
  only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
  sequence BIGINT NOT NULL,
  hash     TEXT   NOT NULL,
  moved_at BIGINT NOT NULL
);
