-- What somebody outside this server has signed a package with; hosts verify it.

ALTER TABLE package ADD COLUMN signature TEXT;
