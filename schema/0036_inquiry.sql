-- 警民直通车 and any «ask us» of an organisation: a private thread between a resident and one organisation. Nobody else reads it: it is in no list but
-- the resident's own and the organisation's, and in no index. What is published of it, with the resident's consent, is an entry of its own.

CREATE TABLE inquiry (
    community BIGINT NOT NULL,             -- where the resident lives
    id BIGINT NOT NULL,
    board BIGINT NOT NULL,
    asker BIGINT NOT NULL,
    asker_from TEXT NOT NULL,              -- 3号楼
    dwelling BIGINT NOT NULL,
    estate BIGINT NOT NULL,
    organisation BIGINT NOT NULL,          -- whose turn it is to answer; nobody else's staff sees it
    title TEXT NOT NULL,
    state TEXT NOT NULL,                   -- of the flow: asked, talking, closed
    asker_last SMALLINT NOT NULL,          -- the newest words are the resident's: the organisation is awaited
    asked_at BIGINT NOT NULL,
    answer_due BIGINT NOT NULL,            -- while it is asked; of the organisation that has it now
    answered_at BIGINT NOT NULL,           -- the first answer; 0: none yet
    late SMALLINT NOT NULL,                -- an answer was not there when it was due, at least once
    transfers BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    reopened BIGINT NOT NULL,
    rating BIGINT NOT NULL,                -- 0 none, 1-5
    rating_text TEXT NOT NULL,
    sharing TEXT NOT NULL,                 -- of the flow of its publication: private, proposed, reworded, public, refused, withdrawn
    public_title TEXT NOT NULL,            -- the wording that is spoken about; nothing else of the thread is ever shown
    public_question TEXT NOT NULL,
    public_answer TEXT NOT NULL,
    entry BIGINT NOT NULL,                 -- where it is public; 0: nowhere
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX inquiry_asker ON inquiry (community, asker, id);
CREATE INDEX inquiry_person ON inquiry (asker, id);
-- An organisation's own list reaches over the communities that it serves.
CREATE INDEX inquiry_organisation ON inquiry (organisation, state, id);

-- Everything that was said and done in a thread, in order: what both sides read. The ledger holds the hashes of the words.
CREATE TABLE inquiry_message (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    inquiry BIGINT NOT NULL,
    verb TEXT NOT NULL,                    -- asked, said, answered, transferred, closed, reopened, …
    person BIGINT NOT NULL,                -- 0: by the clock
    organisation BIGINT NOT NULL,          -- 0: the resident
    to_organisation BIGINT NOT NULL,       -- of a transfer; else 0
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX inquiry_message_inquiry ON inquiry_message (community, inquiry, id);
CREATE INDEX inquiry_message_person ON inquiry_message (person, id);

-- The two halves of a published question, under its entry's number. It does not say which thread it came from.
CREATE TABLE inquiry_public (
    community BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (community, entry)
);

-- Answer templates of an organisation, at its place.
CREATE TABLE inquiry_template (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);

-- Somebody whom an organisation makes responsible for communities: a community officer, a family doctor. As residents see them.
CREATE TABLE officer (
    organisation BIGINT NOT NULL,
    person BIGINT NOT NULL,
    id BIGINT NOT NULL UNIQUE,             -- of the picture's subject
    place BIGINT NOT NULL,                 -- of the organisation: where the picture lies
    name TEXT NOT NULL,
    badge TEXT NOT NULL,                   -- 警号; '' where there is none
    photo BIGINT NOT NULL,                 -- of media; 0: none
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, person)
);

CREATE TABLE officer_community (
    community BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    person BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (community, organisation, person)
);
CREATE INDEX officer_community_person ON officer_community (organisation, person, community);
