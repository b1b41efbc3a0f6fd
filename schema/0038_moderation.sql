-- What residents flag, what staff decide about it, what somebody may appeal against, and the words that are looked for in what is written.

-- Where an entry would stand if moderation did not hide it: it comes back to that.
ALTER TABLE entry ADD COLUMN would_list SMALLINT NOT NULL DEFAULT 0;
UPDATE entry SET would_list = listed;

-- Something that staff have to look at: flagged, or held back because of a word. One open case for each thing.
CREATE TABLE moderation_case (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    thing_kind TEXT NOT NULL,              -- entry, entry_comment, report, report_comment
    thing BIGINT NOT NULL,
    author BIGINT NOT NULL,
    held SMALLINT NOT NULL,                -- a watched word held it back: nobody reads it before it is decided
    flags BIGINT NOT NULL,
    state TEXT NOT NULL,                   -- open, fine, hidden
    opened_at BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    decided_by BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX moderation_case_open ON moderation_case (community, thing_kind, thing) WHERE state = 'open';
CREATE INDEX moderation_case_state ON moderation_case (community, state, id);

CREATE TABLE moderation_flag (
    community BIGINT NOT NULL,
    thing_kind TEXT NOT NULL,
    thing BIGINT NOT NULL,
    person BIGINT NOT NULL,
    reason TEXT NOT NULL,                  -- insult, false, advertising, private, illegal, other
    words TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community, thing_kind, thing, person)
);

-- What was done to somebody: something hidden, or writing stopped for a time. It can be appealed against once.
CREATE TABLE moderation_measure (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,                    -- hidden, muted
    thing_kind TEXT NOT NULL,              -- '' of a mute
    thing BIGINT NOT NULL,
    person BIGINT NOT NULL,                -- whom it hits
    reason TEXT NOT NULL,
    by_person BIGINT NOT NULL,
    at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,               -- of a mute
    state TEXT NOT NULL,                   -- standing, appealed, kept, lifted
    appeal TEXT NOT NULL,
    appealed_at BIGINT NOT NULL,
    answer_due BIGINT NOT NULL,
    answer TEXT NOT NULL,
    answered_at BIGINT NOT NULL,
    answered_by BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX moderation_measure_person ON moderation_measure (community, person, id);
CREATE INDEX moderation_measure_thing ON moderation_measure (community, thing_kind, thing);
CREATE INDEX moderation_measure_mine ON moderation_measure (person, id);
CREATE INDEX moderation_measure_appeal ON moderation_measure (state, community, answer_due);

-- Words that are looked for, each by the place that watches for it: it counts there and below.
CREATE TABLE watched_word (
    id BIGINT NOT NULL PRIMARY KEY,
    place BIGINT NOT NULL,
    word TEXT NOT NULL,
    action TEXT NOT NULL,                  -- block, review, mask, warn
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX watched_word_place ON watched_word (place, word);

-- Another number whenever the words change: every process sees by it that its automaton is old.
CREATE TABLE watched_version (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO watched_version (id, version) VALUES (1, 0);
