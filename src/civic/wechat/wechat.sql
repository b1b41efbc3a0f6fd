-- name: wechat_account_find :one  app:text openid_hash:bytes
SELECT person FROM wechat_account WHERE app = $1 AND openid_hash = $2;

-- name: wechat_account_of :one  app:text person:int64
SELECT openid_hash, openid_sealed, bound_at FROM wechat_account WHERE app = $1 AND person = $2;

-- name: wechat_accounts_of :many  person:int64
-- Of every app that the installation has had.
SELECT app, bound_at FROM wechat_account WHERE person = $1 ORDER BY bound_at DESC;

-- name: wechat_account_put :count  app:text openid_hash:bytes person:int64 openid_sealed:bytes bound_at:int64
-- Whoever binds it first has it.
INSERT INTO wechat_account (app, openid_hash, person, openid_sealed, bound_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING;

-- name: wechat_account_drop :exec  app:text person:int64
DELETE FROM wechat_account WHERE app = $1 AND person = $2;

-- name: wechat_account_forget :exec  person:int64
DELETE FROM wechat_account WHERE person = $1;

-- name: wechat_token_get :one  app:text
SELECT token_sealed, expires_at FROM wechat_token WHERE app = $1;

-- name: wechat_token_put :exec  app:text token_sealed:bytes expires_at:int64
INSERT INTO wechat_token (app, token_sealed, expires_at) VALUES ($1, $2, $3)
ON CONFLICT (app) DO UPDATE SET token_sealed = excluded.token_sealed, expires_at = excluded.expires_at;
