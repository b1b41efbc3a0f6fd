-- Whether the words of the title stand in the index once more, as those of a title. What was put before is asked out of the index as it was put in.
ALTER TABLE search_entry ADD COLUMN titled SMALLINT NOT NULL DEFAULT 0;
