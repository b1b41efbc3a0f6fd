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
