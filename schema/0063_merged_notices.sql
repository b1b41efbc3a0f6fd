-- What a committee asked for and published before its community ended is not that of its heir's other households.

-- 1: asked only of those who live in the estates of bulletin_reach_estate: they have come from where it was asked. 0: of all.
ALTER TABLE bulletin_reach ADD COLUMN partly SMALLINT NOT NULL DEFAULT 0;

CREATE TABLE bulletin_reach_estate (
    community BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    estate BIGINT NOT NULL,
    PRIMARY KEY (community, entry, estate)
);

-- Of accounts: the community that they are of, when that has ended. 0: the one where they stand.
ALTER TABLE bulletin ADD COLUMN former BIGINT NOT NULL DEFAULT 0;
