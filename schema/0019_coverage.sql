-- Coverage: households with a verified resident, and all households. Counted by a job; pages above add up their range.
CREATE TABLE coverage (
    community BIGINT NOT NULL PRIMARY KEY,
    households BIGINT NOT NULL,
    bound BIGINT NOT NULL,
    counted_at BIGINT NOT NULL
);
