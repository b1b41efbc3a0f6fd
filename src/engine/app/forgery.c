/* forgery.c: a request that changes something must come from a page of ours.
 *
 * Two locks. The browser says where it comes from (Sec-Fetch-Site, Origin), and the page carries a token that is made from
 * the cookie by a one-way function, so that nothing is stored for it. The token goes out under a fresh mask each time:
 * a compressed page tells nothing about it. */
#include <sodium.h>

#include "engine/app/internal.h"

enum { TOKEN = 16 };

static void token_of(const struct request *rq, unsigned char ret[TOKEN])
{
    static const unsigned char purpose[] = "lilong csrf token";

    crypto_generichash(ret, TOKEN, (const unsigned char *)rq->private->token.ptr, rq->private->token.len, purpose,
                       sizeof(purpose) - 1);
}

struct str forgery_token(struct request *rq)
{
    unsigned char token[TOKEN], out[2 * TOKEN];
    size_t room = sodium_base64_ENCODED_LEN(sizeof(out), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_array(rq->arena, char, room);

    token_of(rq, token);
    randombytes_buf(out, TOKEN);
    for (size_t i = 0; i < TOKEN; i++)
        out[TOKEN + i] = out[i] ^ token[i];
    sodium_bin2base64(text, room, out, sizeof(out), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_from_cstr(text);
}

static bool token_right(const struct request *rq)
{
    struct str given = rq->private->input.csrf;
    unsigned char token[TOKEN], in[2 * TOKEN];
    size_t len;

    if (!given.len)
        given = http_header(rq->x, STR("X-CSRF-Token"));
    if (!given.len || !rq->private->has_token)
        return false;
    if (sodium_base642bin(in, sizeof(in), given.ptr, given.len, NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        len != sizeof(in))
        return false;
    token_of(rq, token);
    for (size_t i = 0; i < TOKEN; i++)
        in[TOKEN + i] ^= in[i];
    return sodium_memcmp(token, in + TOKEN, TOKEN) == 0;
}

static bool origin_is_ours(const struct request *rq)
{
    struct str site = http_header(rq->x, STR("Sec-Fetch-Site"));
    struct str origin = http_header(rq->x, STR("Origin"));
    struct str host = http_header(rq->x, STR("Host"));

    if (site.len && !str_eq(site, STR("same-origin")) && !str_eq(site, STR("none")))
        return false;
    if (!origin.len)
        return true;
    if (str_starts(origin, STR("https://")))
        origin = str_sub(origin, 8, origin.len);
    else if (!rq->x->secure && str_starts(origin, STR("http://")))
        origin = str_sub(origin, 7, origin.len);
    else
        return false; /* "null", an extension, or plain text when we are on TLS */
    return host.len && str_eq_ci(origin, host);
}

bool forgery_check(const struct request *rq)
{
    if (!origin_is_ours(rq))
        return false;
    /* A program without the cookie acts for nobody; and no foreign page can send JSON without asking first. */
    if (rq->private->input.is_json && !http_cookie(rq->x, STR("lilong")).len &&
        !http_cookie(rq->x, STR("__Host-lilong")).len)
        return true;
    return token_right(rq);
}
