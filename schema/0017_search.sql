-- What can be found by words: the words themselves, for the list of hits. The tokens are in the index of each engine.

CREATE TABLE search_entry (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,                    -- of the subject; unique among all kinds
    subject_kind TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    visibility BIGINT NOT NULL,            -- 0 everybody, 1 residents, 2 staff
    PRIMARY KEY (community, id)
);
CREATE INDEX search_entry_id ON search_entry (id);
