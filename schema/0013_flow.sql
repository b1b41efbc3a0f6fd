-- Deadlines that run: one row per subject and stage.

CREATE TABLE clock (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    stage TEXT NOT NULL,
    unit BIGINT NOT NULL,                  -- 1 work_hour, 2 work_day, 3 calendar_day, 4 clock_hour
    amount BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    warn_at BIGINT NOT NULL,               -- 0: no warning
    warned_at BIGINT NOT NULL,
    escalated_at BIGINT NOT NULL,
    stopped_at BIGINT NOT NULL,            -- 0: runs
    paused_at BIGINT NOT NULL,             -- 0: runs
    remaining BIGINT NOT NULL,             -- while paused, in the clock's own measure
    extended BIGINT NOT NULL,
    next_at BIGINT NOT NULL,               -- when the job has to look at it next; 0: never
    PRIMARY KEY (community, id)
);
CREATE INDEX clock_subject ON clock (community, subject);
-- The job looks over all communities: only what still runs is in this index.
CREATE INDEX clock_next ON clock (subject_kind, next_at) WHERE next_at > 0;
