-- What people write on boards (帖子), and what others add to it. A kind of boards has tables of its own for what it needs beyond that, with the
-- entry's number as theirs.

CREATE TABLE entry (
    community BIGINT NOT NULL,             -- or a place above, for what is written for a street, a district, the city
    id BIGINT NOT NULL,
    board BIGINT NOT NULL,
    kind TEXT NOT NULL,                    -- of the board
    author BIGINT NOT NULL,
    organisation BIGINT NOT NULL,          -- for which it was written; 0: as a resident
    author_from TEXT NOT NULL,             -- 3号楼, or the organisation: what stands beside the author's name
    dwelling BIGINT NOT NULL,              -- the author's household at that time; 0 for staff
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,               -- of title and body; the older ones are in entry_version
    audience TEXT NOT NULL,                -- '' everybody below the place; else ,310113007000,310113007011, the places that it is for
    state TEXT NOT NULL,                   -- of the kind: draft, waiting, published, withdrawn …
    listed SMALLINT NOT NULL,              -- stands in lists and is found: published, not hidden, not over
    pinned SMALLINT NOT NULL,              -- stands on top
    created_at BIGINT NOT NULL,
    published_at BIGINT NOT NULL,          -- 0: not yet
    ends_at BIGINT NOT NULL,               -- 0: never; when it leaves the lists by itself
    comments BIGINT NOT NULL,
    thumbs BIGINT NOT NULL,
    photos BIGINT NOT NULL,
    hidden SMALLINT NOT NULL,              -- by moderation
    hidden_reason TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX entry_listed ON entry (community, board, pinned, id) WHERE listed = 1;
CREATE INDEX entry_state ON entry (community, board, state, id);
CREATE INDEX entry_author ON entry (community, author, id);
CREATE INDEX entry_ends ON entry (ends_at) WHERE listed = 1 AND ends_at > 0;

-- Every text that ever stood there: who reads the history sees what was changed, and when.
CREATE TABLE entry_version (
    community BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    person BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community, entry, version)
);

CREATE TABLE entry_comment (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    reply_to BIGINT NOT NULL,              -- another comment; 0: to the entry itself
    author BIGINT NOT NULL,
    organisation BIGINT NOT NULL,          -- 0: as a resident
    author_from TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    hidden SMALLINT NOT NULL,
    hidden_reason TEXT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX entry_comment_entry ON entry_comment (community, entry, id);

CREATE TABLE entry_thumb (
    community BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    person BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community, entry, person)
);

-- Who is told of what comes: the author, whoever comments, whoever wants to.
CREATE TABLE entry_follow (
    community BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    person BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (community, entry, person)
);
CREATE INDEX entry_follow_person ON entry_follow (community, person, entry);

-- Up to which entry somebody has looked at a board, for the mark on the home page: the person's own row.
CREATE TABLE board_seen (
    person BIGINT NOT NULL,
    board BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (person, board)
);
