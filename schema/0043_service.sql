-- 物业之窗: what a property company publishes of the money that is not its own, and how households rate it.

-- An account beside its entry. Once published it is never changed: one that is wrong is recalled with a reason, and published anew.
CREATE TABLE property_account (
    community BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    kind TEXT NOT NULL,                    -- fees, fund (repair fund), income (of the common parts)
    period BIGINT NOT NULL,                -- year * 10, and the half or quarter of it; 0 the whole year
    due_on BIGINT NOT NULL,                -- the day by which it had to stand there
    published_at BIGINT NOT NULL,
    opening BIGINT NOT NULL,               -- fen; what was there before the period
    came BIGINT NOT NULL,
    spent BIGINT NOT NULL,
    recalled SMALLINT NOT NULL,
    PRIMARY KEY (community, entry)
);
CREATE UNIQUE INDEX property_account_once ON property_account (community, organisation, kind, period) WHERE recalled = 0;

CREATE TABLE property_line (
    community BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    n BIGINT NOT NULL,
    spent SMALLINT NOT NULL,               -- or came in
    what TEXT NOT NULL,
    amount BIGINT NOT NULL,                -- fen
    PRIMARY KEY (community, entry, n)
);

-- One for each household and year.
CREATE TABLE property_rating (
    community BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    year BIGINT NOT NULL,
    dwelling BIGINT NOT NULL,
    person BIGINT NOT NULL,                -- who gave it for the household
    stars BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community, organisation, year, dwelling)
);

-- 家庭医生: nobody but the household and the doctor's team sees any of it. Words are sealed.

CREATE TABLE doctor_sign (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    provider BIGINT NOT NULL,              -- the doctor's entry
    organisation BIGINT NOT NULL,          -- the team
    dwelling BIGINT NOT NULL,
    person BIGINT NOT NULL,                -- who asked for the household, and agreed to what it means
    state TEXT NOT NULL,                   -- requested, confirmed, declined, ended
    consent_version TEXT NOT NULL,         -- of the words that were agreed to (个人信息保护法 29)
    requested_at BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX doctor_sign_one ON doctor_sign (community, dwelling) WHERE state IN ('requested', 'confirmed');
CREATE INDEX doctor_sign_team ON doctor_sign (community, organisation, state, id);

CREATE TABLE doctor_question (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    sign BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    dwelling BIGINT NOT NULL,
    person BIGINT NOT NULL,
    state TEXT NOT NULL,                   -- open, answered, closed
    asked_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,                -- of the first answer
    answered_at BIGINT NOT NULL,           -- the first one; 0: not yet
    late SMALLINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX doctor_question_sign ON doctor_question (community, sign, id);
CREATE INDEX doctor_question_team ON doctor_question (community, organisation, state, id);

CREATE TABLE doctor_message (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    question BIGINT NOT NULL,
    person BIGINT NOT NULL,
    organisation BIGINT NOT NULL,          -- 0: the household
    body BYTEA NOT NULL,                   -- sealed
    at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX doctor_message_question ON doctor_message (community, question, id);
CREATE INDEX doctor_message_person ON doctor_message (community, person, id);
