/* identity.c: identity numbers, names and phones by their public rules. See identity.h. */
#include "civic/person/identity.h"

static const char *const kind_words[] = {"", "resident_id", "residence_permit", "permanent_residence", "passport"};

const char *document_kind_word(enum document_kind kind)
{
    return (size_t)kind < sizeof kind_words / sizeof *kind_words ? kind_words[kind] : "";
}

enum document_kind document_kind_from_word(struct str word)
{
    for (int i = 1; i < (int)(sizeof kind_words / sizeof *kind_words); i++)
        if (str_eq(word, str_from_cstr(kind_words[i])))
            return (enum document_kind)i;
    return DOCUMENT_NONE;
}

const char *identity_fault_word(enum identity_fault fault)
{
    static const char *const words[] = {"", "empty", "length", "signs", "region", "date", "future", "check", "kind"};

    return (size_t)fault < sizeof words / sizeof *words ? words[fault] : "";
}

/* A full-width sign (！ to ～) or the ideographic blank as its ASCII sign; others as they are. */
static uint32_t half_width(uint32_t c)
{
    return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c == 0x3000 ? ' ' : c;
}

/* Numbers as people type them: half width, upper case, without blanks and hyphens. False: a sign that no number has, or
 * more than max - 1 signs (then *ret_long). */
static bool squeeze(struct str text, char *out, size_t max, bool *ret_long)
{
    size_t n = 0;

    *ret_long = false;
    while (text.len) {
        uint32_t c = half_width(str_utf8_next(&text));
        if (c == ' ' || c == '\t' || c == '-' || c == 0x2010 || c == 0x2011 || c == 0x2013)
            continue;
        if (c >= 'a' && c <= 'z')
            c -= 'a' - 'A';
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')))
            return false;
        if (n + 1 >= max) {
            *ret_long = true;
            return false;
        }
        out[n++] = (char)c;
    }
    out[n] = '\0';
    return true;
}

static bool digits(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] < '0' || s[i] > '9')
            return false;
    return true;
}

static int number(const char *s, size_t n)
{
    int value = 0;

    for (size_t i = 0; i < n; i++)
        value = value * 10 + s[i] - '0';
    return value;
}

/* ---- eighteen digits: GB 11643 ------------------------------------------------------------------------------- */

/* ISO 7064 MOD 11-2 over the first 17. */
static char check_digit(const char *s)
{
    static const int weight[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;

    for (int i = 0; i < 17; i++)
        sum += weight[i] * (s[i] - '0');
    return "10X98765432"[sum % 11];
}

/* First two digits of codes that were ever given out on identity cards. What follows is where it was issued, long ago. */
static bool province(int p)
{
    return (p >= 11 && p <= 15) || (p >= 21 && p <= 23) || (p >= 31 && p <= 37) || (p >= 41 && p <= 46) ||
           (p >= 50 && p <= 54) || (p >= 61 && p <= 65) || p == 71;
}

static enum identity_fault birth_parse(const char *s, int32_t today, int32_t *ret_day)
{
    char iso[11] = {s[0], s[1], s[2], s[3], '-', s[4], s[5], '-', s[6], s[7], '\0'};
    int32_t day;

    if (day_parse((struct str){iso, 10}, &day) != OK || today - day > 150 * 366)
        return IDENTITY_DATE;
    if (day > today)
        return IDENTITY_FUTURE;
    *ret_day = day;
    return IDENTITY_FINE;
}

static enum identity_fault eighteen(struct document *d, int32_t today)
{
    const char *s = d->number;
    size_t n = strlen(s);
    enum identity_fault fault;

    if (n != 18)
        return IDENTITY_LENGTH;
    if (!digits(s, 17) || !(digits(s + 17, 1) || s[17] == 'X'))
        return IDENTITY_SIGNS;
    int p = number(s, 2);
    switch (d->kind) {
    case DOCUMENT_RESIDENT_ID:
        if (!province(p))
            return IDENTITY_REGION;
        break;
    case DOCUMENT_RESIDENCE_PERMIT: /* Hong Kong 810000, Macao 820000, Taiwan 830000 */
        if (p < 81 || p > 83 || strncmp(s + 2, "0000", 4) != 0)
            return IDENTITY_REGION;
        break;
    default: /* foreigners' card since 2023: 9, province, nationality in three digits */
        if (s[0] != '9' || !province(number(s + 1, 2)))
            return IDENTITY_REGION;
    }
    fault = birth_parse(s + 6, today, &d->birth_day);
    if (fault != IDENTITY_FINE)
        return fault;
    if (s[17] != check_digit(s))
        return IDENTITY_CHECK;
    d->birth_known = d->sex_known = true;
    d->male = (s[16] - '0') % 2 == 1;
    return IDENTITY_FINE;
}

/* The older card of foreigners (2004-2023): three letters of the nationality, four digits of the place, birth as YYMMDD, sequence, check. The
 * century is not in it, so the birth is not taken from it. Its check digit is not looked at: we found no public text of the rule, and
 * turning away somebody with a true card is worse than a typing error that a cadre sees. */
static enum identity_fault old_foreign_card(const struct document *d)
{
    const char *s = d->number;

    for (int i = 0; i < 3; i++)
        if (s[i] < 'A' || s[i] > 'Z')
            return IDENTITY_SIGNS;
    if (!digits(s + 3, 12))
        return IDENTITY_SIGNS;
    if (!province(number(s + 3, 2)))
        return IDENTITY_REGION;
    int month = number(s + 9, 2), day = number(s + 11, 2);
    return month < 1 || month > 12 || day < 1 || day > 31 ? IDENTITY_DATE : IDENTITY_FINE;
}

enum identity_fault document_parse(enum document_kind kind, struct str text, int32_t today,
                                   struct document *ret_document)
{
    struct document d = {.kind = kind};
    enum identity_fault fault = IDENTITY_KIND;
    bool too_long;

    if (!squeeze(text, d.number, sizeof d.number, &too_long))
        return too_long ? IDENTITY_LENGTH : IDENTITY_SIGNS;
    size_t n = strlen(d.number);
    if (!n)
        return IDENTITY_EMPTY;
    switch (kind) {
    case DOCUMENT_RESIDENT_ID:
    case DOCUMENT_RESIDENCE_PERMIT: fault = eighteen(&d, today); break;
    case DOCUMENT_PERMANENT_RESIDENCE: fault = n == 15 ? old_foreign_card(&d) : eighteen(&d, today); break;
    case DOCUMENT_PASSPORT: { /* ICAO 9303: up to nine signs; every one in use has at least four digits */
        size_t have = 0;
        for (size_t i = 0; i < n; i++)
            have += d.number[i] <= '9';
        fault = n < 5 || n > 9 ? IDENTITY_LENGTH : have < 4 ? IDENTITY_SIGNS : IDENTITY_FINE;
        break;
    }
    case DOCUMENT_NONE: break;
    }
    if (fault == IDENTITY_FINE)
        *ret_document = d;
    return fault;
}

enum document_kind document_guess(struct str text, int32_t today)
{
    struct document d;

    for (enum document_kind k = DOCUMENT_RESIDENT_ID; k <= DOCUMENT_PASSPORT; k++)
        if (document_parse(k, text, today, &d) == IDENTITY_FINE)
            return k;
    return DOCUMENT_NONE;
}

int document_age(const struct document *d, int32_t today)
{
    if (!d->birth_known)
        return -1;
    struct civil b = time_civil(day_start(d->birth_day)), t = time_civil(day_start(today));
    return t.year - b.year - (t.month < b.month || (t.month == b.month && t.day < b.day));
}

/* ---- names -------------------------------------------------------------------------------------------------------- */

static bool han(uint32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || c == 0x3007 ||
           (c >= 0x20000 && c <= 0x323AF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0xE000 && c <= 0xF8FF); /* some rare names still stand in the private area */
}

static bool latin(uint32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) ||
           (c >= 0x1E00 && c <= 0x1EFF);
}

/* All the dots that input methods make for the one between parts of a minority's name. */
static bool middle_dot(uint32_t c)
{
    return c == 0xB7 || c == 0x2022 || c == 0x2027 || c == 0x30FB || c == 0xFF65 || c == 0x22C5 || c == 0x2219 ||
           c == 0x16EB || c == 0xFF0E || c == '.';
}

static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 63));
        out[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63));
    out[3] = (char)(0x80 | (c & 63));
    return 4;
}

#define NAME_MAX_SIGNS 50

enum identity_fault person_name_parse(struct arena *a, struct str text, struct str *ret_name)
{
    uint32_t sign[NAME_MAX_SIGNS], c;
    size_t n = 0, n_han = 0, n_latin = 0;
    struct str rest = str_trim(text);

    if (!rest.len)
        return IDENTITY_EMPTY;
    while (rest.len) {
        c = half_width(str_utf8_next(&rest));
        if (c == 0x2019 || c == '`')
            c = '\'';
        if (c == 0x2010 || c == 0x2011 || c == 0x2013)
            c = '-';
        if (c == ' ' || c == '\t' || c == 0xA0) {
            c = ' ';
            if (n && (sign[n - 1] == ' ' || han(sign[n - 1]) || sign[n - 1] == 0xB7))
                continue; /* 张 三 is 张三 */
        } else if (han(c)) {
            n_han++;
            if (n && sign[n - 1] == ' ')
                n--;
        } else if (latin(c)) {
            n_latin++;
        } else if (middle_dot(c)) {
            c = n_latin && !n_han ? '.' : 0xB7;
            if (!n || sign[n - 1] == c)
                return IDENTITY_SIGNS;
            if (c == 0xB7 && sign[n - 1] == ' ')
                n--;
        } else if (c != '-' && c != '\'') {
            return IDENTITY_SIGNS;
        }
        if (n == NAME_MAX_SIGNS)
            return IDENTITY_LENGTH;
        sign[n++] = c;
    }
    if (n && sign[n - 1] == ' ')
        n--;
    /* One script; punctuation stands inside (a Latin initial may end in a dot). */
    if ((n_han > 0) == (n_latin > 0) || sign[n - 1] == 0xB7 || sign[n - 1] == '-' || sign[0] == '-' || sign[0] == '\'')
        return IDENTITY_SIGNS;
    for (size_t i = 0; n_han && i < n; i++)
        if (!han(sign[i]) && sign[i] != 0xB7)
            return IDENTITY_SIGNS;

    char *out = arena_array(a, char, n * 4);
    size_t len = 0;
    for (size_t i = 0; i < n; i++)
        len += put_utf8(out + len, sign[i]);
    *ret_name = (struct str){out, len};
    return IDENTITY_FINE;
}

/* ---- phones --------------------------------------------------------------------------------------------------------- */

enum identity_fault mobile_parse(struct str text, char ret_mobile[12])
{
    char s[20];
    bool too_long;

    text = str_trim(text);
    if (!text.len)
        return IDENTITY_EMPTY;
    if (str_starts(text, STR("\xEF\xBC\x8B"))) /* ＋ */
        text = str_sub(text, 3, text.len - 3);
    else if (text.ptr[0] == '+')
        text = str_sub(text, 1, text.len - 1);
    if (!squeeze(text, s, sizeof s, &too_long))
        return too_long ? IDENTITY_LENGTH : IDENTITY_SIGNS;
    size_t n = strlen(s);
    const char *p = s;
    if (!digits(s, n))
        return IDENTITY_SIGNS;
    if (n == 15 && strncmp(s, "0086", 4) == 0)
        p += 4;
    else if (n == 13 && strncmp(s, "86", 2) == 0)
        p += 2;
    if (strlen(p) != 11)
        return n ? IDENTITY_LENGTH : IDENTITY_EMPTY;
    if (p[0] != '1' || p[1] < '3')
        return IDENTITY_REGION;
    memcpy(ret_mobile, p, 12);
    return IDENTITY_FINE;
}

/* ---- organisations: GB 32100 and GB 11714 ------------------------------------------------------------------------------ */

static int code_value(char c)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY"; /* 31: no I O S V Z */
    const char *at = c ? strchr(alphabet, c) : NULL;

    return at ? (int)(at - alphabet) : -1;
}

enum identity_fault credit_code_parse(struct str text, char ret_code[19])
{
    static const int weight[17] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    static const int inner_weight[8] = {3, 7, 9, 10, 5, 8, 4, 2};
    char s[19];
    bool too_long;
    int sum = 0, inner = 0;

    if (!squeeze(text, s, sizeof s, &too_long))
        return too_long ? IDENTITY_LENGTH : IDENTITY_SIGNS;
    if (!s[0])
        return IDENTITY_EMPTY;
    if (strlen(s) != 18)
        return IDENTITY_LENGTH;
    for (int i = 0; i < 18; i++)
        if (code_value(s[i]) < 0)
            return IDENTITY_SIGNS;
    if (!digits(s + 2, 6))
        return IDENTITY_SIGNS;
    if (!strchr("123456789ANY", s[0]))
        return IDENTITY_KIND;
    for (int i = 0; i < 17; i++)
        sum += weight[i] * code_value(s[i]);
    for (int i = 0; i < 8; i++) /* here letters count from A = 10 without gaps */
        inner += inner_weight[i] * (s[8 + i] <= '9' ? s[8 + i] - '0' : s[8 + i] - 'A' + 10);
    inner = (11 - inner % 11) % 11;
    memcpy(ret_code, s, sizeof s);
    return code_value(s[17]) == (31 - sum % 31) % 31 && s[16] == (inner == 10 ? 'X' : '0' + inner) ? IDENTITY_FINE
                                                                                                   : IDENTITY_CHECK;
}

/* ---- for display ----------------------------------------------------------------------------------------------------------- */

static struct str mask(struct arena *a, struct str s, size_t head, size_t tail)
{
    if (head + tail >= s.len) /* too short to show both ends: then at most the first sign */
        head = s.len > 1, tail = 0;
    char *out = arena_array(a, char, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        out[i] = i < head || i >= s.len - tail ? s.ptr[i] : '*';
    return (struct str){out, s.len};
}

struct str document_mask(struct arena *a, struct str number_text)
{
    return number_text.len >= 15 ? mask(a, number_text, 6, 4) : mask(a, number_text, 1, 2);
}

struct str mobile_mask(struct arena *a, struct str mobile)
{
    return mask(a, mobile, 3, 4);
}

struct str credit_code_mask(struct arena *a, struct str code)
{
    return mask(a, code, 3, 4);
}

struct str person_name_mask(struct arena *a, struct str name)
{
    char *out = arena_array(a, char, name.len + 1);
    size_t len = 0;
    bool first = true;

    for (struct str rest = name; rest.len;) {
        const char *at = rest.ptr;
        uint32_t c = str_utf8_next(&rest);
        size_t width = (size_t)(rest.ptr - at);
        if (first || c == 0xB7 || c == ' ' || c == '-') {
            memcpy(out + len, at, width);
            len += width;
        } else {
            out[len++] = '*';
        }
        /* Each part of a name keeps its first sign, but a single character is somebody's whole name: it goes too. */
        first = c == 0xB7 || c == ' ' || c == '-';
    }
    if (str_utf8_count(name) == 1)
        return STR("*");
    return (struct str){out, len};
}
