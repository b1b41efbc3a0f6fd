/* wechat_fuzz.c: what the platform answers: whatever comes, openids and tokens are short words of printable signs. */
#include "fuzz.h"

#include "civic/wechat/wechat.h"

static void word(struct str s, size_t max)
{
    FUZZ_CHECK(s.len > 0 && s.len <= max);
    for (size_t i = 0; i < s.len; i++)
        FUZZ_CHECK(s.ptr[i] > ' ' && s.ptr[i] <= '~');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_open(4 << 20);
    struct str json = fuzz_str(data, size);
    struct wechat_identity identity;
    struct wechat_token token;
    int64_t error;
    char ip[64];
    size_t n = size < sizeof ip - 1 ? size : sizeof ip - 1;

    if (a == NULL)
        return 0;
    if (wechat_read_identity(a, json, &identity) == WECHAT_FINE) {
        FUZZ_CHECK(identity.error == 0);
        word(identity.openid, 128);
    }
    if (wechat_read_token(a, json, &token) == WECHAT_FINE) {
        word(token.token, 1024);
        FUZZ_CHECK(token.expires_in > 0);
    }
    if (wechat_read_sent(json, &error) == WECHAT_SENT)
        FUZZ_CHECK(error == 0);
    if (n)
        memcpy(ip, data, n);
    ip[n] = 0;
    (void)wechat_address_public(ip);
    arena_close(a);
    return 0;
}
