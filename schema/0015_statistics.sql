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

-- Closed days added up for streets, districts and the city by a job, so that a city's year is thousands of rows and not millions.
CREATE TABLE counter_level (
    place BIGINT NOT NULL,
    day BIGINT NOT NULL,
    measure TEXT NOT NULL,
    n BIGINT NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (place, day, measure)
);

CREATE TABLE counter_level_minutes (
    place BIGINT NOT NULL,
    day BIGINT NOT NULL,
    measure TEXT NOT NULL,
    bucket BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (place, day, measure, bucket)
);

-- Which days have been added up. Days are closed in order; what is younger than the last one is read from the communities.
CREATE TABLE counter_closed (
    day BIGINT NOT NULL PRIMARY KEY
);
