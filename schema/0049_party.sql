-- Members of the Party in their neighbourhood (亮身份、受监督、起作用). That somebody is a member is sensitive (个人信息保护法 28, 29): it is shown only after
-- a secretary has confirmed it and the person has agreed to that alone, in writing; person.party_badge is both together, and the table of
-- consents (kind party_badge) has when, and to which words.

-- 党支部 of a community, with its figures. Each equals a recount.
CREATE TABLE party_branch (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    secretary BIGINT NOT NULL,             -- the person; 0: none named
    created_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,              -- 0: still
    members BIGINT NOT NULL,               -- confirmed
    shown BIGINT NOT NULL,                 -- of them, who show it
    taken BIGINT NOT NULL,                 -- tasks taken up, done ones too, given back ones not
    done BIGINT NOT NULL,
    thanks BIGINT NOT NULL,
    ratings BIGINT NOT NULL,               -- thanks that came with stars
    stars BIGINT NOT NULL,                 -- their sum
    PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX party_branch_name ON party_branch (community, name) WHERE ended_at = 0;

CREATE TABLE party_member (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    person_from TEXT NOT NULL,             -- 3号楼: what stands beside the name
    branch BIGINT NOT NULL,                -- asked: the one they name, or 0
    state TEXT NOT NULL,                   -- asked, confirmed, refused, left
    reason TEXT NOT NULL,                  -- of a refusal
    asked_at BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    decided_by BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    shown SMALLINT NOT NULL,               -- by own consent, while it stands
    PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX party_member_once ON party_member (community, person) WHERE state IN ('asked', 'confirmed');
CREATE INDEX party_member_state ON party_member (community, state, id);

-- The one membership that somebody has or had last: from the person to their community.
CREATE TABLE party_person (
    person BIGINT NOT NULL PRIMARY KEY,
    community BIGINT NOT NULL,
    member BIGINT NOT NULL
);

-- 承诺: what a member promises the neighbours.
CREATE TABLE party_commitment (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    member BIGINT NOT NULL,
    branch BIGINT NOT NULL,
    author BIGINT NOT NULL,
    body TEXT NOT NULL,
    due BIGINT NOT NULL,                   -- day
    state TEXT NOT NULL,                   -- open, kept, dropped
    made_at BIGINT NOT NULL,
    kept_at BIGINT NOT NULL,
    hidden SMALLINT NOT NULL,
    hidden_reason TEXT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX party_commitment_member ON party_commitment (community, member, id);

-- Neighbours thank for a commitment, once each; stars 0: no rating.
CREATE TABLE party_thanks (
    community BIGINT NOT NULL,
    commitment BIGINT NOT NULL,
    person BIGINT NOT NULL,
    branch BIGINT NOT NULL,
    stars BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community, commitment, person)
);

-- What a member has taken up: a report, a wish.
CREATE TABLE party_task (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    member BIGINT NOT NULL,
    branch BIGINT NOT NULL,
    person BIGINT NOT NULL,
    kind TEXT NOT NULL,                    -- report, wish
    subject BIGINT NOT NULL,
    state TEXT NOT NULL,                   -- taken, done, dropped
    taken_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    thanked_by BIGINT NOT NULL,            -- who had asked; 0: not yet
    thanked_at BIGINT NOT NULL,
    stars BIGINT NOT NULL,                 -- 0: no rating
    PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX party_task_once ON party_task (community, kind, subject, person) WHERE state IN ('taken', 'done');
CREATE INDEX party_task_member ON party_task (community, member, id);
