-- Hosts that enrol with an ephemeral token are short-lived: the server removes them once they are offline for a while.
ALTER TABLE enroll_token ADD COLUMN ephemeral INTEGER NOT NULL DEFAULT 0;
