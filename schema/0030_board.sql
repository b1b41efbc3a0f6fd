-- Boards (版块): a board is a row. A few dozen in a whole city, rarely written, read on every home page: reference tables.

CREATE TABLE board (
    id BIGINT NOT NULL PRIMARY KEY,
    word TEXT NOT NULL UNIQUE,             -- in addresses: announcement
    kind TEXT NOT NULL,                    -- whose pages show it: bulletin, talk, exchange …
    name TEXT NOT NULL,                    -- 社区公告
    name_en TEXT NOT NULL,                 -- Announcements
    lead TEXT NOT NULL,                    -- what it is for, one line below its name
    lead_en TEXT NOT NULL,
    icon TEXT NOT NULL,                    -- of the one set
    place BIGINT NOT NULL,                 -- who administers this place or one above may change it
    organisation BIGINT NOT NULL,          -- that runs it; 0: see owner_kind
    owner_kind TEXT NOT NULL,              -- '' and no organisation: the committee or the office of each place; else every organisation of the kind, at its places
    readers TEXT NOT NULL,                 -- everybody, residents
    writers TEXT NOT NULL,                 -- staff, residents
    review TEXT NOT NULL,                  -- none, before, after
    position BIGINT NOT NULL,              -- order on the home page
    state TEXT NOT NULL,                   -- draft, open, off: what was written stays
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- The places whose subtree shows it.
CREATE TABLE board_place (
    board BIGINT NOT NULL,
    place BIGINT NOT NULL,
    PRIMARY KEY (board, place)
);
CREATE INDEX board_place_place ON board_place (place);

-- A committee's own order on its home page. Boards without a row stand behind, in their own order.
CREATE TABLE board_order (
    community BIGINT NOT NULL,
    board BIGINT NOT NULL,
    position BIGINT NOT NULL,
    hidden SMALLINT NOT NULL,
    PRIMARY KEY (community, board)
);
