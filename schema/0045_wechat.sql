-- Accounts that sign in by WeChat and get messages there, and the one token for asking the platform.
-- across communities: a binding belongs to a person, and an openid must be unique in the whole city.

CREATE TABLE wechat_account (
    app TEXT NOT NULL,                     -- the official account: an openid means nothing to another one
    openid_hash BYTEA NOT NULL,            -- keyed
    person BIGINT NOT NULL,
    openid_sealed BYTEA NOT NULL,
    bound_at BIGINT NOT NULL,
    PRIMARY KEY (app, openid_hash)
);
CREATE UNIQUE INDEX wechat_account_person ON wechat_account (person, app);

CREATE TABLE wechat_token (
    app TEXT NOT NULL PRIMARY KEY,
    token_sealed BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
