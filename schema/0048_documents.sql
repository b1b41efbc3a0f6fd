-- PDF files that belong to what people write. The file and the picture of its first page are in the store, under their hashes.

CREATE TABLE document (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,            -- entry …
    subject BIGINT NOT NULL,
    position BIGINT NOT NULL,              -- order within the subject
    name TEXT NOT NULL,                    -- as the uploader's file was called, cleaned
    hash TEXT NOT NULL,                    -- BLAKE2b-256 of the file, hex: its name in the store
    bytes BIGINT NOT NULL,
    pages BIGINT NOT NULL,
    picture TEXT NOT NULL,                 -- of the first page: hash of a picture
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    author BIGINT NOT NULL,                -- person
    created_at BIGINT NOT NULL,
    hidden SMALLINT NOT NULL,              -- taken back: only staff with the right see it
    PRIMARY KEY (community, id)
);
CREATE INDEX document_subject ON document (community, subject_kind, subject, position, id);
-- The sweep asks which files are still wanted, whoever wants them.
CREATE INDEX document_hash ON document (hash);
CREATE INDEX document_picture ON document (picture);
