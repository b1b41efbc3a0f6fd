-- Notices (公告): what an office or an organisation makes known. The text, its versions and its state are an entry's: here is what a notice has beyond it.

CREATE TABLE bulletin (
    community BIGINT NOT NULL,             -- of the entry: the community, or a place above
    id BIGINT NOT NULL,                    -- of the entry
    weight TEXT NOT NULL,                  -- plain, must_read, emergency
    publish_at BIGINT NOT NULL,            -- 0: as soon as it may
    read_by BIGINT NOT NULL,               -- a day number: until when everybody should have read it; 0: none
    matter TEXT NOT NULL,                  -- of an open-affairs board: accounts, decision, …; '' otherwise
    period BIGINT NOT NULL,                -- of the accounts: 20263 is the third quarter of 2026; 0: none
    reviewer BIGINT NOT NULL,              -- who has let it through; 0: nobody, or none was needed
    reviewed_at BIGINT NOT NULL,
    returned TEXT NOT NULL,                -- why it was given back to its author; '' when it was not
    withdrawn TEXT NOT NULL,               -- why it was taken back
    counted SMALLINT NOT NULL,             -- it has rows in bulletin_reach
    PRIMARY KEY (community, id)
);
CREATE INDEX bulletin_period ON bulletin (community, matter, period);
CREATE INDEX entry_published ON entry (community, board, published_at, id) WHERE listed = 1;
CREATE INDEX entry_of_state ON entry (kind, state, id);

-- A must-read notice in one of the communities that it is for, with what is counted there. Rows stay when the notice is over: `open` says whether it is asked for.
CREATE TABLE bulletin_reach (
    community BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    place BIGINT NOT NULL,                 -- the entry's own
    is_open SMALLINT NOT NULL,
    emergency SMALLINT NOT NULL,
    households BIGINT NOT NULL,            -- in which somebody has read it
    people BIGINT NOT NULL,                -- receipts: one for each person and household
    tell TEXT NOT NULL,                    -- what the job has to do: '', new, remind, recall
    told_to BIGINT NOT NULL,               -- how far it has come: the last residence
    reminded_at BIGINT NOT NULL,           -- 0: nobody has been reminded
    PRIMARY KEY (community, entry)
);
CREATE INDEX bulletin_reach_entry ON bulletin_reach (entry);
CREATE INDEX bulletin_reach_tell ON bulletin_reach (tell) WHERE tell > '';

-- Who has said that they have read it.
CREATE TABLE bulletin_receipt (
    community BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    dwelling BIGINT NOT NULL,
    person BIGINT NOT NULL,
    version BIGINT NOT NULL,               -- of the text that was read
    at BIGINT NOT NULL,
    PRIMARY KEY (community, entry, dwelling, person)
);
-- The households of these receipts. A row of its own: of two of a family who read at the same moment, one makes it.
CREATE TABLE bulletin_household (
    community BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    dwelling BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community, entry, dwelling)
);
