-- How to get things done (办事指南): matters as data, with every version that ever held, the words that people say for them, whether they were of
-- use, and the requests to the committee to do it with or for somebody (帮办代办).
--
-- A matter is an entry of a board; its facts stand here, under the entry's number.

CREATE TABLE guide_item (
    community BIGINT NOT NULL,             -- or a place above: where the entry is
    id BIGINT NOT NULL,                    -- of the entry
    code TEXT NOT NULL,                    -- ours, for files and links between matters: newborn_registration; '' for what is written in the console
    theme TEXT NOT NULL,                   -- a word of boards/guide: register, insurance, medical …
    version BIGINT NOT NULL,               -- that the entry, the search and the lists show
    newest BIGINT NOT NULL,                -- may take effect on a later day
    unchecked SMALLINT NOT NULL,           -- the office has not confirmed it yet; the page says so
    useful BIGINT NOT NULL,
    useless BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX guide_item_code ON guide_item (community, code);

CREATE TABLE guide_version (
    community BIGINT NOT NULL,
    item BIGINT NOT NULL,
    version BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,            -- day number; the later version of a day holds
    name TEXT NOT NULL,
    who TEXT NOT NULL,                     -- who may apply
    counter TEXT NOT NULL,
    address TEXT NOT NULL,
    hours TEXT NOT NULL,
    phone TEXT NOT NULL,
    online TEXT NOT NULL,                  -- how without going there; '' when it cannot be
    steps TEXT NOT NULL,                   -- one a line
    promised_amount BIGINT NOT NULL,       -- 0: at once
    promised_unit TEXT NOT NULL,           -- work_day, calendar_day
    legal_amount BIGINT NOT NULL,          -- 0: the law sets none
    legal_unit TEXT NOT NULL,
    fee TEXT NOT NULL,                     -- '' is free of charge
    basis TEXT NOT NULL,                   -- laws and rules, one a line
    reach TEXT NOT NULL,                   -- who takes it: city, district, street, community
    related TEXT NOT NULL,                 -- numbers of other matters of the same place, ',1,2'
    changes TEXT NOT NULL,                 -- what is different from the version before
    person BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community, item, version)
);
CREATE INDEX guide_version_day ON guide_version (valid_from, community, item);

CREATE TABLE guide_material (
    community BIGINT NOT NULL,
    item BIGINT NOT NULL,
    version BIGINT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    form TEXT NOT NULL,                    -- original, copy, both, filled (a form to be filled in)
    copies BIGINT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (community, item, version, position)
);

-- What people say: for one matter (小孩上户口), or for a word of the offices wherever it stands (社保: 社会保险).
CREATE TABLE guide_synonym (
    community BIGINT NOT NULL,             -- of the matters that it helps to find, and below
    id BIGINT NOT NULL,
    said TEXT NOT NULL,
    item BIGINT NOT NULL,                  -- 0: stands for the words in `means`
    means TEXT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX guide_synonym_item ON guide_synonym (community, item);

-- Was it of use? Once a person; changing one's mind is allowed.
CREATE TABLE guide_vote (
    community BIGINT NOT NULL,
    item BIGINT NOT NULL,
    person BIGINT NOT NULL,
    useful SMALLINT NOT NULL,
    words TEXT NOT NULL,                   -- when not; for staff alone
    at BIGINT NOT NULL,
    PRIMARY KEY (community, item, person)
);

-- Please help me with it: between a resident and the committee, and nobody else.
CREATE TABLE guide_help (
    community BIGINT NOT NULL,             -- where the resident lives
    id BIGINT NOT NULL,
    board BIGINT NOT NULL,
    item BIGINT NOT NULL,                  -- 0: the matter was not in the guide
    item_place BIGINT NOT NULL,
    title TEXT NOT NULL,                   -- of the matter at that time, or in the resident's words
    body TEXT NOT NULL,
    person BIGINT NOT NULL,
    person_from TEXT NOT NULL,             -- 3号楼
    estate BIGINT NOT NULL,                -- of the resident: with it the request goes to another committee; 0: none
    phone TEXT NOT NULL,                   -- under which to call, when given
    wish TEXT NOT NULL,                    -- office, home
    organisation BIGINT NOT NULL,          -- the committee that was asked
    state TEXT NOT NULL,
    taken_by BIGINT NOT NULL,              -- the cadre; 0: nobody yet
    meet_at BIGINT NOT NULL,               -- the appointment; 0: none
    meet_where TEXT NOT NULL,              -- office, home; ''
    due_at BIGINT NOT NULL,                -- what is due next; 0: nothing
    late SMALLINT NOT NULL,                -- its limit has passed
    asked_at BIGINT NOT NULL,
    taken_at BIGINT NOT NULL,
    done_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX guide_help_person ON guide_help (person, id);
CREATE INDEX guide_help_open ON guide_help (community, state, id);

CREATE TABLE guide_help_step (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    help BIGINT NOT NULL,
    verb TEXT NOT NULL,
    person BIGINT NOT NULL,                -- 0: by the clock
    organisation BIGINT NOT NULL,          -- 0: the resident
    words TEXT NOT NULL,
    meet_at BIGINT NOT NULL,
    meet_where TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX guide_help_step_help ON guide_help_step (community, help, id);
