-- People: accounts, posts, residences, the committee's roster, consent.
--
-- Real name behind, chosen name in front (后台实名、前台自愿). What identifies somebody is sealed (AEAD) and found by a
-- keyed hash; tables that must be unique over the whole city have that hash as their only key.

CREATE TABLE person (
    id BIGINT NOT NULL PRIMARY KEY,
    shown_name TEXT NOT NULL,              -- what neighbours see before the building: 周女士
    name_sealed BYTEA NOT NULL,            -- real name; empty until given
    document_kind TEXT NOT NULL,           -- resident_id, residence_permit, permanent_residence, passport; '' until given
    document_sealed BYTEA NOT NULL,
    phone_sealed BYTEA NOT NULL,           -- empty for people without a phone
    sex SMALLINT NOT NULL,                 -- as ISO/IEC 5218: 0 not known, 1 male, 2 female
    birth_day BIGINT NOT NULL,             -- day number; 0 unknown
    password_hash TEXT NOT NULL,           -- Argon2id; '' = none
    password_at BIGINT NOT NULL DEFAULT 0, -- when it was set; 0: by somebody else, to be changed at the next sign-in
    totp_sealed BYTEA NOT NULL,            -- '' = no second factor
    totp_step BIGINT NOT NULL,             -- last step used: a code works once
    state TEXT NOT NULL,                   -- active, closed, blocked
    party_member SMALLINT NOT NULL,
    party_badge SMALLINT NOT NULL,         -- lets residents see it: by own choice
    language TEXT NOT NULL,                -- '', zh-CN, en
    mode TEXT NOT NULL,                    -- '', care
    theme TEXT NOT NULL,                   -- '', light, dark
    created_at BIGINT NOT NULL,
    created_by BIGINT NOT NULL,            -- 0: by the person; else the cadre at the desk
    closed_at BIGINT NOT NULL
);

CREATE TABLE person_phone (
    phone_hash BYTEA NOT NULL PRIMARY KEY,
    person BIGINT NOT NULL
);
CREATE INDEX person_phone_person ON person_phone (person);

CREATE TABLE person_document (
    document_hash BYTEA NOT NULL PRIMARY KEY,
    person BIGINT NOT NULL
);
CREATE INDEX person_document_person ON person_document (person);

-- Staff sign in by a name; residents by phone.
CREATE TABLE person_login (
    login TEXT NOT NULL PRIMARY KEY,
    person BIGINT NOT NULL
);
CREATE INDEX person_login_person ON person_login (person);

CREATE TABLE recovery_code (
    person BIGINT NOT NULL,
    code_hash BYTEA NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (person, code_hash)
);

-- One-time codes by SMS. One row a phone and purpose; a new code replaces the old one.
CREATE TABLE sms_code (
    phone_hash BYTEA NOT NULL,
    purpose TEXT NOT NULL,                 -- sign_in, join, phone
    code_hash BYTEA NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    day BIGINT NOT NULL,                   -- day number of the counter
    sent_on_day BIGINT NOT NULL,
    PRIMARY KEY (phone_hash, purpose)
);

-- Failed sign-ins: waits grow, nothing is locked for good.
CREATE TABLE sign_in_failure (
    subject_hash BYTEA NOT NULL PRIMARY KEY, -- keyed hash of login, phone or address
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

-- A post gives a person a role in an organisation from a day to a day.
CREATE TABLE post (
    id BIGINT NOT NULL PRIMARY KEY,
    person BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    role TEXT NOT NULL,                    -- a word of civic/access: party_secretary, cadre, handler …
    title TEXT NOT NULL,                   -- as on the door: 居民区书记
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL               -- 0: open
);
CREATE INDEX post_person ON post (person);
CREATE INDEX post_organisation ON post (organisation);

-- A residence ties a person to a dwelling. The verified members of a dwelling are one household.
CREATE TABLE residence (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    estate BIGINT NOT NULL,
    building BIGINT NOT NULL,
    dwelling BIGINT NOT NULL,
    relation TEXT NOT NULL,                -- owner, tenant, family
    state TEXT NOT NULL,                   -- waiting, verified, refused, ended
    reason TEXT NOT NULL,                  -- of a refusal
    asked_at BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    decided_by BIGINT NOT NULL,            -- 0: by the roster
    ended_at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX residence_state ON residence (community, state, id);
CREATE INDEX residence_dwelling ON residence (community, dwelling);

-- Where a person lives, found by the person: the other direction of residence.
-- across communities: person_residence is the person's own row, kept by the person.
CREATE TABLE person_residence (
    person BIGINT NOT NULL,
    community BIGINT NOT NULL,
    residence BIGINT NOT NULL,
    PRIMARY KEY (person, community, residence)
);

-- The committee's own list of who lives where (CSV import): who is on it is verified at once.
CREATE TABLE roster_entry (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    dwelling BIGINT NOT NULL,
    name_hash BYTEA NOT NULL,
    document_hash BYTEA NOT NULL,          -- '' when the list has none
    phone_hash BYTEA NOT NULL,             -- '' when the list has none
    name_sealed BYTEA NOT NULL,
    relation TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX roster_entry_dwelling ON roster_entry (community, dwelling);

CREATE TABLE consent (
    person BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,                    -- privacy, hand_off, sensitive
    version TEXT NOT NULL,                 -- of the text that was shown
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT NOT NULL,
    PRIMARY KEY (person, id)
);

-- What a person says is wrong in what is kept about them (个人信息保护法 46): a work list of the committee.
CREATE TABLE correction (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    words BYTEA NOT NULL,                  -- sealed
    state TEXT NOT NULL,                   -- waiting, done, declined
    answer TEXT NOT NULL,                  -- what the committee says to it
    asked_at BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    decided_by BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX correction_state ON correction (community, state, id);

-- A person's own requests, found by the person.
-- across communities: person_correction is the person's own row.
CREATE TABLE person_correction (
    person BIGINT NOT NULL,
    community BIGINT NOT NULL,
    correction BIGINT NOT NULL,
    PRIMARY KEY (person, community, correction)
);

-- Why somebody's identity was looked at: the words; that it was is in the ledger, with their hash.
CREATE TABLE person_look (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    looked_by BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX person_look_person ON person_look (community, person);
