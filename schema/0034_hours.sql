-- The book of helpers' hours (志愿服务条例 19): who helped how long, confirmed by both sides. Lines are only ever added; what was wrong is
-- put right by a counter-line with its reason.

CREATE TABLE hours (
    community BIGINT NOT NULL,             -- where the help was given
    id BIGINT NOT NULL,
    helper BIGINT NOT NULL,                -- the person whose minutes these are
    helped BIGINT NOT NULL,                -- the neighbour who was helped; 0: the organisation, or the whole community
    organisation BIGINT NOT NULL,          -- that called for the help; 0: a neighbour did
    minutes BIGINT NOT NULL,               -- below 0 in a counter-line
    day BIGINT NOT NULL,                   -- on which the help was given
    what TEXT NOT NULL,                    -- in a few words, for the page and the certificate; names nobody
    subject_kind TEXT NOT NULL,            -- what it belongs to: exchange, activity
    subject BIGINT NOT NULL,
    confirmed_by BIGINT NOT NULL,          -- who said, on the other side, that it is so
    corrects BIGINT NOT NULL,              -- 0, or the line that this one puts right
    reason TEXT NOT NULL,                  -- of a counter-line
    at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX hours_helper ON hours (community, helper, id);
CREATE INDEX hours_helped ON hours (community, helped, id);
CREATE UNIQUE INDEX hours_once ON hours (community, subject_kind, subject, helper) WHERE corrects = 0;
CREATE INDEX hours_corrects ON hours (community, corrects) WHERE corrects > 0;

-- What the lines add up to, for each person and community: both sides of every line.
CREATE TABLE hours_sum (
    community BIGINT NOT NULL,
    person BIGINT NOT NULL,
    given BIGINT NOT NULL,                 -- minutes
    received BIGINT NOT NULL,
    PRIMARY KEY (community, person)
);
