-- Figures of each day (每日简报): what a street sees of its committees in the morning. Counted once, after the day has ended, and kept as they were.

CREATE TABLE daily_count (
    community BIGINT NOT NULL,
    day BIGINT NOT NULL,
    households BIGINT NOT NULL,
    bound BIGINT NOT NULL,                 -- households with a verified resident, when it was counted
    active BIGINT NOT NULL,                -- different people who did something as residents on that day
    entries BIGINT NOT NULL,               -- published on that day, on all boards
    counted_at BIGINT NOT NULL,
    PRIMARY KEY (community, day)
);

CREATE TABLE daily_board (
    community BIGINT NOT NULL,
    day BIGINT NOT NULL,
    board BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (community, day, board)
);

-- Which streets have been counted, so that a job that was stopped goes on where it was.
CREATE TABLE daily_done (
    community BIGINT NOT NULL,             -- the street
    day BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community, day)
);
