-- The place for which an account was published. After a merger a company has accounts of both communities for the same period: both stand.
ALTER TABLE property_account ADD COLUMN origin BIGINT NOT NULL DEFAULT 0;
UPDATE property_account SET origin = community;
DROP INDEX property_account_once;
CREATE UNIQUE INDEX property_account_once ON property_account (community, organisation, kind, period, origin) WHERE recalled = 0;
