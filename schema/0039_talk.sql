-- Neighbours' talk: topics, groups of interest, house rules. What is said itself stands in entry.

-- A short list, kept by who runs the board. A place's page offers its own and those of the places above it.
CREATE TABLE talk_topic (
    community BIGINT NOT NULL,             -- or a place above
    id BIGINT NOT NULL,
    board BIGINT NOT NULL,
    name TEXT NOT NULL,
    closed SMALLINT NOT NULL,              -- not offered any more; what has it keeps it
    created_at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX talk_topic_board ON talk_topic (community, board, closed, id);

-- A group of interest (兴趣小组): a resident opens it, who runs the board agrees.
CREATE TABLE talk_group (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    board BIGINT NOT NULL,
    name TEXT NOT NULL,
    about TEXT NOT NULL,
    opened_by BIGINT NOT NULL,
    host BIGINT NOT NULL,                  -- a member; passes the role on before leaving
    state TEXT NOT NULL,                   -- waiting, open, declined, closed
    reason TEXT NOT NULL,                  -- of declining or closing
    members BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX talk_group_state ON talk_group (community, board, state, id);

CREATE TABLE talk_member (
    community BIGINT NOT NULL,
    talk_group BIGINT NOT NULL,
    person BIGINT NOT NULL,
    told SMALLINT NOT NULL,                -- wants to hear of new entries
    since BIGINT NOT NULL,
    PRIMARY KEY (community, talk_group, person)
);

-- What an entry belongs to; without a row: to nothing.
CREATE TABLE talk_entry (
    community BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    topic BIGINT NOT NULL,                 -- 0: none
    talk_group BIGINT NOT NULL,            -- 0: none
    by_host SMALLINT NOT NULL,             -- the group's host has hidden it, and may show it again
    PRIMARY KEY (community, entry)
);
CREATE INDEX talk_entry_topic ON talk_entry (community, topic, entry) WHERE topic > 0;
CREATE INDEX talk_entry_group ON talk_entry (community, talk_group, entry) WHERE talk_group > 0;

-- House rules (约定) of a board at a place: every version stays. The nearest place that has some says what holds.
CREATE TABLE talk_rules (
    community BIGINT NOT NULL,             -- or a place above
    board BIGINT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    written_by BIGINT NOT NULL,
    PRIMARY KEY (community, board, version)
);

-- Whose rules, and in which version, somebody has said yes to before writing here.
CREATE TABLE talk_accepted (
    community BIGINT NOT NULL,             -- where they write
    board BIGINT NOT NULL,
    person BIGINT NOT NULL,
    rules_place BIGINT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community, board, person)
);
