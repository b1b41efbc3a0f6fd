-- Certificates of volunteers' hours (志愿服务条例 19: truthful, free of charge, on the volunteer's wish), and what helpers say against a correction.

CREATE TABLE hours_certificate (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    code TEXT NOT NULL,                    -- twelve signs drawn at random; with the place's code in front: the number on paper
    person BIGINT NOT NULL,
    organisation BIGINT NOT NULL,          -- that answers for it: the committee of that day
    name_masked TEXT NOT NULL,             -- 周**: all that whoever checks a number gets to see; empty once the account is closed
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    minutes BIGINT NOT NULL,               -- of its lines
    issued_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL,            -- 0: valid
    revoked_why TEXT NOT NULL,             -- own (taken back), corrected, staff, closed
    reason TEXT NOT NULL,                  -- of staff
    PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX hours_certificate_code ON hours_certificate (community, code);
CREATE INDEX hours_certificate_person ON hours_certificate (person, id);

-- What a certificate says, as it was said: a line that is put right later makes it void, and does not change it.
CREATE TABLE hours_certificate_line (
    community BIGINT NOT NULL,
    certificate BIGINT NOT NULL,
    line BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    PRIMARY KEY (community, certificate, line)
);
CREATE INDEX hours_certificate_of_line ON hours_certificate_line (community, line);

-- The helper does not agree with a counter-line; somebody else than who made it answers.
CREATE TABLE hours_contest (
    community BIGINT NOT NULL,
    line BIGINT NOT NULL,                  -- the counter-line
    person BIGINT NOT NULL,                -- the helper
    words TEXT NOT NULL,
    at BIGINT NOT NULL,
    answer TEXT NOT NULL,
    restored SMALLINT NOT NULL,            -- 1: the counter-line was taken back by another one
    answered_by BIGINT NOT NULL,
    answered_at BIGINT NOT NULL,           -- 0: waits
    PRIMARY KEY (community, line)
);
CREATE INDEX hours_contest_open ON hours_contest (community, line) WHERE answered_at = 0;
CREATE INDEX hours_contest_person ON hours_contest (person);

CREATE INDEX hours_sum_person ON hours_sum (person);
CREATE INDEX hours_newest ON hours (community, day, id);
