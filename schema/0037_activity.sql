-- Activities (社区活动): party days, volunteer days, courses. The entry has the words and the state; here is when, where, for how many, and who comes.

CREATE TABLE activity (
    community BIGINT NOT NULL,             -- of the entry
    entry BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    signs_until BIGINT NOT NULL,           -- sign-up closes
    cancels_until BIGINT NOT NULL,         -- until when a place can be given back without asking anybody
    spot TEXT NOT NULL,                    -- where, as people call it
    capacity BIGINT NOT NULL,              -- places; 0: as many as come
    limits TEXT NOT NULL,                  -- for whom, in words: 6 to 12 years, one a household; ''
    gives_hours SMALLINT NOT NULL,         -- who comes is given volunteer hours on closing
    series BIGINT NOT NULL,                -- the first entry of a weekly or monthly series; 0: stands alone
    opens_at BIGINT NOT NULL,              -- of a date of a series that is still planned: when sign-up opens by itself
    taken BIGINT NOT NULL,                 -- places that are given: in, came, missed
    waits BIGINT NOT NULL,                 -- on the waiting list
    came BIGINT NOT NULL,
    minutes BIGINT NOT NULL,               -- that each who came was given on closing
    next_at BIGINT NOT NULL,               -- when the clock has something to do: open sign-up, remind; 0: nothing
    sequence BIGINT NOT NULL,              -- of time, place or state, for calendars (RFC 5545, 3.8.7.4)
    reason TEXT NOT NULL,                  -- why it was called off, or not accepted
    PRIMARY KEY (community, entry)
);
CREATE INDEX activity_time ON activity (community, starts_at, entry);
CREATE INDEX activity_series ON activity (community, series, starts_at) WHERE series > 0;
CREATE INDEX activity_next ON activity (next_at) WHERE next_at > 0;

-- One row for each who has ever signed up; id is the order in the waiting list.
CREATE TABLE activity_signup (
    community BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    person BIGINT NOT NULL,
    id BIGINT NOT NULL,
    home BIGINT NOT NULL,                  -- the community where the person lives: hours are written there
    person_from TEXT NOT NULL,             -- 3号楼
    state TEXT NOT NULL,                   -- in, waiting, out, came, missed
    signed_at BIGINT NOT NULL,
    came_at BIGINT NOT NULL,               -- 0: not checked in
    PRIMARY KEY (community, entry, person)
);
CREATE INDEX activity_signup_line ON activity_signup (community, entry, state, id);
CREATE INDEX activity_signup_person ON activity_signup (community, person, entry);

-- The private address of somebody's sign-ups for their own calendar: a new secret ends the old address.
CREATE TABLE activity_feed (
    person BIGINT NOT NULL,
    secret BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (person)
);
