-- Hosts that enrol with an ephemeral token are short-lived: they remove themselves.
ALTER TABLE enroll_token ADD COLUMN ephemeral INTEGER NOT NULL DEFAULT 0;
