-- Our own tokens with their positions.
CREATE TABLE search_index (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    tokens tsvector NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX search_index_tokens ON search_index USING gin (tokens);
