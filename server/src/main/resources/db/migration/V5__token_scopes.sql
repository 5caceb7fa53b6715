-- What an operator's token is for: how many hosts at once, and which ones (a selector).

ALTER TABLE operator_token ADD COLUMN most_hosts INTEGER;
ALTER TABLE operator_token ADD COLUMN hosts TEXT;
