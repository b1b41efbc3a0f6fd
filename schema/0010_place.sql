-- The tree of places, and what hangs below a community.

-- Reference tables: small, rarely written, read everywhere.
CREATE TABLE place (
    code BIGINT NOT NULL PRIMARY KEY,      -- 310113007011
    level BIGINT NOT NULL,                 -- 1 city, 2 district, 3 street, 4 community
    parent BIGINT NOT NULL,                -- 0 for the city
    name TEXT NOT NULL,
    valid_from BIGINT NOT NULL,            -- ms
    valid_to BIGINT NOT NULL               -- 0: in force
);
CREATE INDEX place_parent ON place (parent);

-- Into what a place went: mergers have several rows of one successor, splits several successors.
CREATE TABLE place_successor (
    code BIGINT NOT NULL,
    successor BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (code, successor)
);
CREATE INDEX place_successor_back ON place_successor (successor);

-- The code on an estate's poster: unique over the city, so not a key of the community's table.
-- across communities: estate_code is looked up before its community is known.
CREATE TABLE estate_code (
    code TEXT NOT NULL PRIMARY KEY,
    community BIGINT NOT NULL,
    estate BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    void_at BIGINT NOT NULL                -- 0: in force
);
CREATE INDEX estate_code_estate ON estate_code (estate);

CREATE TABLE estate (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,                -- the form under which names are compared
    address TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,              -- 0: in force; else it went, with its id, to another community
    PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX estate_name ON estate (community, name_key, valid_to);

CREATE TABLE building (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    estate BIGINT NOT NULL,
    name TEXT NOT NULL,                    -- 3号楼
    name_key TEXT NOT NULL,                -- 3
    position BIGINT NOT NULL,              -- order in lists
    valid_to BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX building_name ON building (community, estate, name_key);

CREATE TABLE dwelling (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    estate BIGINT NOT NULL,
    building BIGINT NOT NULL,
    staircase TEXT NOT NULL,               -- '' where a building has one entrance
    room TEXT NOT NULL,                    -- 502室
    room_key TEXT NOT NULL,                -- 502
    exclusive_area DOUBLE PRECISION NOT NULL, -- m²; 0 unknown
    valid_to BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX dwelling_room ON dwelling (community, building, room_key);

-- Organisations are attached to a place of any level; posts refer to them by id alone, so they are a reference table.
CREATE TABLE organisation (
    id BIGINT NOT NULL PRIMARY KEY,
    place BIGINT NOT NULL,
    kind TEXT NOT NULL,                    -- a word of the glossary
    name TEXT NOT NULL,
    credit_code TEXT NOT NULL,
    phone TEXT NOT NULL,                   -- of the office, public
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL
);
CREATE INDEX organisation_place ON organisation (place);

-- Places that an organisation serves besides the one that it is attached to.
CREATE TABLE organisation_service (
    organisation BIGINT NOT NULL,
    place BIGINT NOT NULL,
    PRIMARY KEY (organisation, place)
);
CREATE INDEX organisation_service_place ON organisation_service (place);
