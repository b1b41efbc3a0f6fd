-- Pictures that belong to what people write. The files are in the store, under their hash.

CREATE TABLE media (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,            -- report, work_order …
    subject BIGINT NOT NULL,
    stage BIGINT NOT NULL,                 -- 1 before, 2 after, 3 proof, 4 reference
    position BIGINT NOT NULL,              -- order within subject and stage
    hash TEXT NOT NULL,                    -- BLAKE2b-256 of the full picture, hex: its name in the store
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    author BIGINT NOT NULL,                -- person
    created_at BIGINT NOT NULL,
    hidden SMALLINT NOT NULL,              -- taken back: only staff with the right see it
    PRIMARY KEY (community, id)
);
CREATE INDEX media_subject ON media (community, subject_kind, subject, stage, position, id, hidden);
-- The sweep asks which files are still wanted, whoever wants them.
CREATE INDEX media_hash ON media (hash);
