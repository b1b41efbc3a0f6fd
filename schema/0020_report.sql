-- 身边事: problems reported nearby, what was done about them, and by whom.

CREATE TABLE report (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    number TEXT NOT NULL,                  -- for people: 20261123-004, unique in the community
    author BIGINT NOT NULL,
    dwelling BIGINT NOT NULL,              -- the author's household at that time; 0 for staff
    author_from TEXT NOT NULL,             -- 3号楼, or the organisation: what stands beside the author's name
    title TEXT NOT NULL,
    body TEXT NOT NULL,                    -- as neighbours see it
    original_title TEXT NOT NULL,          -- '' unless the author took private data out; staff only
    original_body TEXT NOT NULL,
    category TEXT NOT NULL,                -- code of report_category
    grade BIGINT NOT NULL,                 -- 0 emergency, 1 committee, 2 handed on, 3 case
    estate BIGINT NOT NULL,                -- 0: somewhere in the community
    building BIGINT NOT NULL,              -- 0: not at a building
    spot TEXT NOT NULL,                    -- in words: 广场东侧花坛
    latitude DOUBLE PRECISION NOT NULL,    -- 0,0: not given
    longitude DOUBLE PRECISION NOT NULL,
    state TEXT NOT NULL,                   -- of the flow: reported, answered, handling, checking, confirming, closed, voided, merged
    outcome TEXT NOT NULL,                 -- '', solved, explained, not_ours, merged, voided
    merged_into BIGINT NOT NULL,
    first_asked_by BIGINT NOT NULL,        -- 首问负责: the organisation that stays responsible; never empties
    lead_handler BIGINT NOT NULL,          -- organisation; 0 while the committee does it itself
    reported_at BIGINT NOT NULL,
    answer_due BIGINT NOT NULL,
    answered_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,                -- of the whole, as shown in public; 0 before it is known
    done_at BIGINT NOT NULL,               -- done and checked: waits for the reporter
    confirm_due BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    late SMALLINT NOT NULL,                -- has been late at least once
    overdue SMALLINT NOT NULL,             -- was not done when it was to be done (an answer that is late is not that)
    escalated_at BIGINT NOT NULL,          -- went to the street by itself
    reopened BIGINT NOT NULL,              -- how often
    rating BIGINT NOT NULL,                -- 0 none, 1-5
    rating_text TEXT NOT NULL,
    joined BIGINT NOT NULL,                -- households that met it too
    comments BIGINT NOT NULL,
    thumbs BIGINT NOT NULL,
    photos BIGINT NOT NULL,
    hidden SMALLINT NOT NULL,
    hidden_reason TEXT NOT NULL,
    changed_at BIGINT NOT NULL,            -- for ETags
    PRIMARY KEY (community, id)
);
CREATE INDEX report_state ON report (community, state, id);
CREATE INDEX report_category_index ON report (community, category, id);
CREATE INDEX report_author ON report (community, author, id);
CREATE INDEX report_place ON report (community, estate, building, id);

-- Running number of a community and day.
CREATE TABLE report_number (
    community BIGINT NOT NULL,
    day BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (community, day)
);

-- One handler's part. The lead answers for the whole.
CREATE TABLE work_order (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    report BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    lead SMALLINT NOT NULL,
    fast_track SMALLINT NOT NULL,
    task TEXT NOT NULL,                    -- what is asked
    state TEXT NOT NULL,                   -- handed, accepted, sent_back, done, passed, withdrawn
    handed_by BIGINT NOT NULL,
    handed_at BIGINT NOT NULL,
    accept_due BIGINT NOT NULL,            -- 先行联系: one work day
    accepted_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    done_at BIGINT NOT NULL,
    done_text TEXT NOT NULL,
    checked_at BIGINT NOT NULL,
    reason TEXT NOT NULL,                  -- of the last sending back or failed check
    extension_until BIGINT NOT NULL,       -- asked for; 0: none waiting
    extension_reason TEXT NOT NULL,
    extended BIGINT NOT NULL,              -- how often granted
    rework BIGINT NOT NULL,                -- how often
    late SMALLINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX work_order_report ON work_order (community, report);
-- A handler's own list reaches over the communities that it serves.
CREATE INDEX work_order_organisation ON work_order (organisation, state, due_at);

-- What somebody has begun to write: kept until it is sent or thrown away, a week at most.
CREATE TABLE report_draft (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    author BIGINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    category TEXT NOT NULL,
    estate BIGINT NOT NULL,
    building BIGINT NOT NULL,
    spot TEXT NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    longitude DOUBLE PRECISION NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX report_draft_author ON report_draft (community, author, id);

CREATE TABLE report_comment (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    report BIGINT NOT NULL,
    author BIGINT NOT NULL,
    organisation BIGINT NOT NULL,          -- 0: as a resident
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    hidden SMALLINT NOT NULL,
    hidden_reason TEXT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX report_comment_report ON report_comment (community, report, id);

-- Notes among staff; never public.
CREATE TABLE report_note (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    report BIGINT NOT NULL,
    author BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX report_note_report ON report_note (community, report, id);

-- The words of a step (answers, proof, refusals): the ledger holds only their hash.
CREATE TABLE report_step (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    report BIGINT NOT NULL,
    work_order BIGINT NOT NULL,            -- 0: of the report itself
    verb TEXT NOT NULL,                    -- reported, answered, handed_off, accepted, sent_back, extension_asked, extended, done, …
    person BIGINT NOT NULL,                -- 0: by the clock
    organisation BIGINT NOT NULL,          -- 0: as a resident
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    public SMALLINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX report_step_report ON report_step (community, report, id);

-- 我也遇到: once per household.
CREATE TABLE report_join (
    community BIGINT NOT NULL,
    report BIGINT NOT NULL,
    dwelling BIGINT NOT NULL,
    person BIGINT NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (community, report, dwelling)
);

CREATE TABLE report_follow (
    community BIGINT NOT NULL,
    report BIGINT NOT NULL,
    person BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (community, report, person)
);
CREATE INDEX report_follow_person ON report_follow (community, person, report);

CREATE TABLE report_thumb (
    community BIGINT NOT NULL,
    report BIGINT NOT NULL,
    person BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community, report, person)
);

-- Categories and their limits are data, the same in the whole city until a place has its own.
CREATE TABLE report_category (
    code TEXT NOT NULL PRIMARY KEY,        -- five digits of the national classes, or a word of our own
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    words TEXT NOT NULL,                   -- blank-separated words that suggest it: 菜 种菜 毁绿
    grade BIGINT NOT NULL,
    limit_amount BIGINT NOT NULL,          -- for handling
    limit_unit TEXT NOT NULL,              -- work_hour, work_day, calendar_day, clock_hour
    position BIGINT NOT NULL
);
CREATE INDEX report_category_order ON report_category (position, code, name, name_en);

CREATE TABLE answer_template (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
