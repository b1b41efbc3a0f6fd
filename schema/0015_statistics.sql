-- Figures: kept by the ledger's events in the same transaction, equal to a recount.

CREATE TABLE counter (
    community BIGINT NOT NULL,
    day BIGINT NOT NULL,
    measure TEXT NOT NULL,
    n BIGINT NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (community, day, measure)
);

-- Minutes until something happened, in buckets, for medians.
CREATE TABLE counter_minutes (
    community BIGINT NOT NULL,
    day BIGINT NOT NULL,
    measure TEXT NOT NULL,
    bucket BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (community, day, measure, bucket)
);
