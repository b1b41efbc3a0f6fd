-- Our own tokens with their positions, and what a question filters by, so that only the hits that are shown are looked up.
CREATE TABLE search_index (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    visibility BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    tokens tsvector NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX search_index_tokens ON search_index USING gin (tokens);
