-- The State Council's yearly table: days off, and weekend days that are worked (调休).

CREATE TABLE holiday (
    day BIGINT NOT NULL PRIMARY KEY,       -- days since 1970-01-01 in Shanghai
    kind BIGINT NOT NULL,                  -- 0 holiday, 1 swapped workday
    name TEXT NOT NULL
);

-- Which years are in the table, and since when: servers see by it that there is something new.
CREATE TABLE holiday_year (
    year BIGINT NOT NULL PRIMARY KEY,
    imported_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
