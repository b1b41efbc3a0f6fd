/* negotiate.c: lists with q values, and entity tags. */
#include "engine/http/negotiate.h"

/* One element: "text/html;level=1;q=0.7" gives text/html and 700. False for q that is no qvalue. */
static bool take_element(struct str *rest, struct str *ret_value, int *ret_q)
{
    struct str element, part;
    int q = 1000;

    if (!str_cut(rest, ',', &element))
        return false;
    if (!str_cut(&element, ';', &part))
        part = STR_NONE;
    *ret_value = str_trim(part);
    while (str_cut(&element, ';', &part)) {
        part = str_trim(part);
        if (part.len < 3 || (part.ptr[0] | 0x20) != 'q' || part.ptr[1] != '=')
            continue;
        q = part.ptr[2] == '1' ? 1000 : 0;
        if (part.ptr[2] != '0' && part.ptr[2] != '1')
            q = -1;
        if (part.len > 7 || (part.len > 3 && part.ptr[3] != '.'))
            q = -1;
        for (size_t i = 4, unit = 100; q >= 0 && i < part.len; i++, unit /= 10) {
            if (part.ptr[i] < '0' || part.ptr[i] > '9' || (part.ptr[2] == '1' && part.ptr[i] != '0'))
                q = -1;
            else
                q += part.ptr[2] == '0' ? (int)unit * (part.ptr[i] - '0') : 0;
        }
    }
    *ret_q = q < 0 ? 0 : q;
    return true;
}

/* How well a range fits an offer: 0 not at all, more is more exact. */
typedef int fit(struct str range, struct str offer);

/* q of the best-fitting range, or -1 when none fits. */
static int quality(struct str field, struct str offer, fit *fits)
{
    struct str rest = field, range;
    int best = 0, quality = -1, q;

    while (take_element(&rest, &range, &q)) {
        int how = fits(range, offer);

        if (how > best) {
            best = how;
            quality = q;
        }
    }
    return quality;
}

static size_t choose(struct str field, const struct str *offers, size_t n, fit *fits)
{
    size_t best = SIZE_MAX;
    int best_q = 0;

    for (size_t i = 0; i < n; i++) {
        int q = quality(field, offers[i], fits);

        if (q > best_q) {
            best_q = q;
            best = i;
        }
    }
    return best;
}

static int fit_type(struct str range, struct str offer)
{
    if (str_eq_ci(range, offer))
        return 3;
    if (str_eq(range, STR("*/*")))
        return 1;
    if (str_ends(range, STR("/*")) && str_eq_ci(str_sub(range, 0, range.len - 1), str_sub(offer, 0, range.len - 1)))
        return 2;
    return 0;
}

static struct str primary(struct str tag)
{
    struct str rest = tag, head;

    return str_cut(&rest, '-', &head) ? head : STR_NONE;
}

static int fit_language(struct str range, struct str offer)
{
    if (str_eq_ci(range, offer))
        return 3;
    if (range.len && str_eq_ci(primary(range), primary(offer)))
        return 2;
    return str_eq(range, STR("*")) ? 1 : 0;
}

static int fit_coding(struct str range, struct str offer)
{
    return str_eq_ci(range, offer) ? 2 : str_eq(range, STR("*")) ? 1 : 0;
}

size_t negotiate_type(struct str accept, const struct str *offers, size_t n)
{
    return str_trim(accept).len ? choose(accept, offers, n, fit_type) : 0;
}

size_t negotiate_language(struct str accept, const struct str *offers, size_t n)
{
    size_t best = choose(accept, offers, n, fit_language);

    return best == SIZE_MAX ? 0 : best;
}

size_t negotiate_encoding(struct str accept, const struct str *offers, size_t n)
{
    return choose(accept, offers, n, fit_coding);
}

/* ---- entity tags ---- */

/* Takes "abc" or W/"abc" off the front. */
static bool take_etag(struct str *rest, struct str *ret_opaque, bool *ret_weak)
{
    size_t end;

    while (rest->len && (rest->ptr[0] == ' ' || rest->ptr[0] == '\t' || rest->ptr[0] == ','))
        *rest = str_sub(*rest, 1, rest->len - 1);
    *ret_weak = str_starts(*rest, STR("W/"));
    if (*ret_weak)
        *rest = str_sub(*rest, 2, rest->len - 2);
    if (rest->len < 2 || rest->ptr[0] != '"')
        return false;
    end = str_find(str_sub(*rest, 1, rest->len - 1), STR("\""));
    if (end == SIZE_MAX)
        return false;
    *ret_opaque = str_sub(*rest, 0, end + 2);
    *rest = str_sub(*rest, end + 2, rest->len - end - 2);
    return true;
}

static bool in_list(struct str list, struct str etag, bool strong)
{
    struct str rest = list, own = etag, opaque, mine;
    bool weak, own_weak;

    if (!take_etag(&own, &mine, &own_weak))
        return false;
    if (str_eq(str_trim(list), STR("*")))
        return true;
    while (take_etag(&rest, &opaque, &weak))
        if (str_eq(opaque, mine) && !(strong && (weak || own_weak)))
            return true;
    return false;
}

bool etag_in(struct str list, struct str etag)
{
    return in_list(list, etag, false);
}

bool etag_in_strong(struct str list, struct str etag)
{
    return in_list(list, etag, true);
}
