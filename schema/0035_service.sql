-- Boards of kind "service": 社区服务, 物业之窗, 家庭医生, 公益组织. Who offers something nearby, and times that can be booked with them.

-- What stands beside an entry that offers something. Its name and what is said about it are the entry's title and text.
CREATE TABLE provider (
    community BIGINT NOT NULL,             -- or a place above, as the entry
    entry BIGINT NOT NULL,
    board BIGINT NOT NULL,
    sort TEXT NOT NULL,                    -- provider; project: a charity's, whose bookings are shifts that count as hours
    organisation BIGINT NOT NULL,          -- whose it is; 0: a shop or a person, kept by the board's staff
    offers TEXT NOT NULL,                  -- what one gets there, and for how much: a line each
    people TEXT NOT NULL,                  -- who is there
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    hours TEXT NOT NULL,                   -- seven parts, Monday first, with ';' between: 09:00-11:30,13:00-17:30; '' shut
    on_holidays SMALLINT NOT NULL,         -- these hours hold on public holidays too
    shut_from BIGINT NOT NULL,             -- days on which it is shut for once; 0: none
    shut_to BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (community, entry)
);

-- A time with so many places.
CREATE TABLE slot (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    provider BIGINT NOT NULL,              -- the entry
    title TEXT NOT NULL,                   -- 量血压; may be empty
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    capacity BIGINT NOT NULL,
    taken BIGINT NOT NULL,                 -- places that somebody has, at most capacity
    waiting BIGINT NOT NULL,               -- who would like one
    numbers BIGINT NOT NULL,               -- numbers given out: their order is the order of the waiting list
    cancel_until BIGINT NOT NULL,          -- until then somebody who has booked may cancel by themselves
    state TEXT NOT NULL,                   -- open, called_off
    reason TEXT NOT NULL,                  -- why it was called off
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX slot_provider ON slot (community, provider, starts_at, id);
CREATE INDEX slot_starts ON slot (starts_at) WHERE state = 'open';

CREATE TABLE booking (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    provider BIGINT NOT NULL,
    person BIGINT NOT NULL,
    home BIGINT NOT NULL,                  -- the community in which the person lives
    number BIGINT NOT NULL,                -- of slot.numbers
    note TEXT NOT NULL,                    -- for the provider's eyes
    state TEXT NOT NULL,                   -- waiting, booked, cancelled, came, missed, called_off
    hours_line BIGINT NOT NULL,            -- of a shift that was served: the line in the book of hours
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    reminded_at BIGINT NOT NULL,           -- 0: not yet
    PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX booking_once ON booking (community, slot, person) WHERE state IN ('waiting', 'booked');
CREATE INDEX booking_slot ON booking (community, slot, number);
CREATE INDEX booking_person ON booking (community, person, id);
