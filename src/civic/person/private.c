/* private.c: numbers in a text that should not be made public (private_find of identity.h).
 *
 * The text is read as runs: digits (of any width), with single blanks or hyphens between groups. A run is looked at as a
 * whole, so that eleven digits inside of a longer number are not taken for a phone. */
#include "civic/person/identity.h"
#include "civic/person/person.h"

#define RUN_MAX 32

struct run {
    size_t from, to;     /* bytes of the text, to the end of the last digit */
    char digit[RUN_MAX]; /* digits, and X at the end of an identity number */
    size_t n;
    size_t n_groups; /* how many groups ended inside, */
    struct {
        size_t n, to;
    } group[RUN_MAX]; /* with how many digits and where */
};

static uint32_t peek(struct str rest, size_t *ret_width)
{
    const char *at = rest.ptr;
    uint32_t c = str_utf8_next(&rest);

    *ret_width = (size_t)(rest.ptr - at);
    return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
}

/* Reads a run that begins at byte `from` (a digit). A group may be broken by one blank, hyphen or dot followed by a digit. */
static void read_run(struct str text, size_t from, struct run *r)
{
    size_t at = from, width, next_width;

    memset(r, 0, sizeof *r);
    r->from = from;
    while (at < text.len) {
        uint32_t c = peek(str_sub(text, at, text.len - at), &width);
        if (c >= '0' && c <= '9') {
            if (r->n < RUN_MAX)
                r->digit[r->n] = (char)c;
            r->n++;
            at += width;
            r->to = at;
            continue;
        }
        if (r->n == 17 && (c == 'x' || c == 'X')) {
            r->digit[r->n++] = 'X';
            r->to = at + width;
            return;
        }
        if (c != ' ' && c != '-' && c != 0x3000 && c != 0x2013)
            return;
        if (at + width >= text.len)
            return;
        uint32_t d = peek(str_sub(text, at + width, text.len - at - width), &next_width);
        if (d < '0' || d > '9')
            return;
        if (r->n_groups < RUN_MAX) {
            r->group[r->n_groups].n = r->n;
            r->group[r->n_groups++].to = r->to;
        }
        at += width;
    }
}

static bool is_document(const struct run *r)
{
    struct document d;
    int32_t today = day_of(time_now());
    struct str s = {r->digit, r->n};

    if (r->n == 18)
        return document_parse(DOCUMENT_RESIDENT_ID, s, today, &d) == IDENTITY_FINE ||
               document_parse(DOCUMENT_RESIDENCE_PERMIT, s, today, &d) == IDENTITY_FINE ||
               document_parse(DOCUMENT_PERMANENT_RESIDENCE, s, today, &d) == IDENTITY_FINE;
    return false;
}

/* Numbers of the state that everybody may and should read. */
static bool is_public(const struct run *r)
{
    return r->n <= 6 ||
           (r->n >= 10 && (strncmp(r->digit, "400", 3) == 0 || strncmp(r->digit, "800", 3) == 0) && r->n == 10);
}

static bool is_phone(const struct run *r, bool after_area)
{
    const char *d = r->digit;
    size_t n = r->n;

    if (is_public(r))
        return false;
    if (n == 13 && strncmp(d, "86", 2) == 0) {
        d += 2;
        n -= 2;
    } else if (n == 15 && strncmp(d, "0086", 4) == 0) {
        d += 4;
        n -= 4;
    }
    if (n == 11 && d[0] == '1' && d[1] >= '3')
        return true;
    /* A landline: 021 and eight digits, 0512 and seven or eight; without the area only where it says so (电话 56781234). */
    if (d[0] == '0' && n >= 11 && n <= 12 && d[1] >= '1')
        return true;
    return after_area && n == 8 && d[0] >= '2';
}

static bool says_phone(struct str text, size_t before)
{
    static const struct str words[] = {{"电话", 6}, {"座机", 6}, {"手机", 6}, {"联系", 6}, {"拨打", 6},
                                       {"微信", 6}, {"QQ", 2},   {"tel", 3},  {"phone", 5}};
    size_t from = before > 24 ? before - 24 : 0;
    struct str near = str_sub(text, from, before - from);

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_find(near, words[i]) != SIZE_MAX)
            return true;
    return false;
}

/* A plate: the short name of a province, a letter, perhaps a dot, five or six signs of which one is a digit. 沪A·12345, 沪AD12345, 沪A1234学. */
static bool read_plate(struct str text, size_t from, size_t *ret_to)
{
    static const char provinces[] = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
    static const char last[] = "警学挂港澳领";
    struct str rest = str_sub(text, from, text.len - from);
    size_t width, n = 0, n_digits = 0;

    if (rest.len < 9 || str_find(str_from_cstr(provinces), str_sub(rest, 0, 3)) == SIZE_MAX)
        return false;
    size_t at = 3;
    uint32_t c = peek(str_sub(rest, at, rest.len - at), &width);
    if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) || (c | 32) == 'i')
        return false;
    at += width;
    for (; at < rest.len; at += width) {
        c = peek(str_sub(rest, at, rest.len - at), &width);
        if (n == 0 && (c == 0xB7 || c == 0x2022 || c == 0x30FB || c == ' ' || c == '-' || c == '.'))
            continue;
        if (c >= '0' && c <= '9')
            n_digits++;
        else if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z')) {
            if (n == 4 && width == 3 && str_find(str_from_cstr(last), str_sub(rest, at, 3)) != SIZE_MAX) {
                n++;
                at += 3;
            }
            break;
        }
        n++;
    }
    if (n < 5 || n > 6 || n_digits < 2)
        return false;
    *ret_to = from + at;
    return true;
}

size_t private_find(struct str text, struct private_span *ret_spans, size_t max)
{
    size_t n = 0, at = 0, width;
    bool after_sign = false; /* a letter or digit stands directly before: then no number begins here */

    while (at < text.len) {
        struct private_span span = {PRIVATE_PHONE, at, 0};
        uint32_t c = peek(str_sub(text, at, text.len - at), &width);
        size_t to;

        if (c >= 0x4E00 && c <= 0x9FFF && read_plate(text, at, &to)) {
            span.kind = PRIVATE_PLATE;
            span.len = to - at;
        } else if (c >= '0' && c <= '9' && !after_sign) {
            struct run r;

            read_run(text, at, &r);
            /* As a whole, or else without its last groups: 「138 0013 8000 2号楼」. */
            for (size_t g = r.n_groups;; g--) {
                if (r.n <= RUN_MAX && (is_document(&r) || is_phone(&r, says_phone(text, at)))) {
                    span.kind = is_document(&r) ? PRIVATE_DOCUMENT : PRIVATE_PHONE;
                    span.len = r.to - at;
                    break;
                }
                if (g == 0)
                    break;
                r.n = r.group[g - 1].n;
                r.to = r.group[g - 1].to;
            }
            width = r.to - at;
        }
        if (span.len) {
            if (n < max)
                ret_spans[n] = span;
            n++;
            width = span.len;
        }
        after_sign = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        at += width;
    }
    return n;
}

struct str private_blot(struct arena *a, struct str text)
{
    struct private_span span[64];
    size_t n = private_find(text, span, 64), done = 0, len = 0;
    char *out = arena_array(a, char, text.len + 1);

    if (n > 64)
        n = 64;
    for (size_t i = 0; i <= n; i++) {
        size_t upto = i < n ? span[i].from : text.len;
        if (upto > done) /* an empty text may have no place at all */
            memcpy(out + len, text.ptr + done, upto - done);
        len += upto - done;
        if (i == n)
            break;
        size_t keep = span[i].kind == PRIVATE_PHONE ? 3 : span[i].kind == PRIVATE_PLATE ? 2 : 0, seen = 0;
        struct str rest = str_sub(text, span[i].from, span[i].len);
        while (rest.len) {
            const char *from = rest.ptr;
            str_utf8_next(&rest);
            size_t width = (size_t)(rest.ptr - from);
            if (seen++ < keep) {
                memcpy(out + len, from, width);
                len += width;
            } else {
                out[len++] = '*';
            }
        }
        done = span[i].from + span[i].len;
    }
    return (struct str){out, len};
}

size_t person_numbers(struct str text)
{
    struct private_span spans[1];

    return private_find(text, spans, 1);
}
