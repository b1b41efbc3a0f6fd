/* code.c: the arithmetic of the national 12-digit codes: 2 province, 2 city, 2 district, 3 street, 3 community. */
#include "civic/place/place.h"

#define CITY INT64_C(10000000000)
#define DISTRICT INT64_C(1000000)
#define STREET INT64_C(1000)

enum place_level place_level_of(int64_t code)
{
    if (code < 11 * CITY || code > 99 * CITY + (CITY - 1))
        return PLACE_NONE;
    int64_t district = code / DISTRICT % 10000, street = code / STREET % 1000, community = code % 1000;
    if (!district)
        return street || community ? PLACE_NONE : PLACE_CITY;
    if (district % 100 == 0) /* 市辖区, or a hole */
        return PLACE_NONE;
    if (!street)
        return community ? PLACE_NONE : PLACE_DISTRICT;
    return community ? PLACE_COMMUNITY : PLACE_STREET;
}

static int64_t size_of(enum place_level level)
{
    static const int64_t sizes[] = {0, CITY, DISTRICT, STREET, 1};

    return sizes[level];
}

void place_range(int64_t code, int64_t *ret_from, int64_t *ret_to)
{
    enum place_level level = place_level_of(code);

    *ret_from = level ? code : 1;
    *ret_to = level ? code + size_of(level) - 1 : 0;
}

int64_t place_parent(int64_t code)
{
    enum place_level level = place_level_of(code);

    if (level <= PLACE_CITY)
        return 0;
    return code / size_of(level - 1) * size_of(level - 1);
}

bool place_contains(int64_t place, int64_t code)
{
    int64_t from, to;

    place_range(place, &from, &to);
    return place_level_of(code) != PLACE_NONE && code >= from && code <= to;
}

size_t place_chain(int64_t code, int64_t ret_chain[4])
{
    size_t n = (size_t)place_level_of(code);

    for (size_t i = n; i > 0; i--, code = place_parent(code))
        ret_chain[i - 1] = code;
    return n;
}

enum result place_parse(struct str s, int64_t *ret_code)
{
    int64_t code;

    if (s.len != 12 || str_int64(s, 0, INT64_C(999999999999), &code) != OK || place_level_of(code) == PLACE_NONE)
        return E_INVALID;
    *ret_code = code;
    return OK;
}

enum place_kind place_kind_of(int64_t code)
{
    int64_t street = code / STREET % 1000, community = code % 1000;

    switch (place_level_of(code)) {
    case PLACE_CITY: return PLACE_KIND_CITY;
    case PLACE_DISTRICT: return PLACE_KIND_DISTRICT;
    case PLACE_STREET:
        return street < 100 ? PLACE_KIND_STREET
             : street < 200 ? PLACE_KIND_TOWN
             : street < 400 ? PLACE_KIND_TOWNSHIP
             : street < 600 ? PLACE_KIND_STREET_LIKE
                            : PLACE_KIND_OTHER;
    case PLACE_COMMUNITY:
        return community < 200 ? PLACE_KIND_RESIDENTS
             : community < 400 ? PLACE_KIND_VILLAGERS
             : community < 500 ? PLACE_KIND_RESIDENTS_LIKE
             : community < 600 ? PLACE_KIND_VILLAGERS_LIKE
                               : PLACE_KIND_OTHER;
    case PLACE_NONE: break;
    }
    return PLACE_KIND_OTHER;
}

const char *place_kind_word(enum place_kind kind)
{
    static const char *const words[] = {
        [PLACE_KIND_CITY] = "city",
        [PLACE_KIND_DISTRICT] = "district",
        [PLACE_KIND_STREET] = "street",
        [PLACE_KIND_TOWN] = "town",
        [PLACE_KIND_TOWNSHIP] = "township",
        [PLACE_KIND_STREET_LIKE] = "street_like",
        [PLACE_KIND_RESIDENTS] = "residents_committee",
        [PLACE_KIND_VILLAGERS] = "villagers_committee",
        [PLACE_KIND_RESIDENTS_LIKE] = "residents_like",
        [PLACE_KIND_VILLAGERS_LIKE] = "villagers_like",
        [PLACE_KIND_OTHER] = "other",
    };

    return kind >= PLACE_KIND_CITY && kind <= PLACE_KIND_OTHER ? words[kind] : "other";
}

/* Endings of committees' names, the longest first. */
struct str place_short_name(struct str name)
{
    static const char *const ends[] = {"社区居民委员会", "村村民委员会", "居民委员会", "村民委员会", "社区居委会",
                                       "居委会",         "村委会",       "居民区",     "街道办事处"};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct str end = str_from_cstr(ends[i]);
        if (str_ends(name, end) && name.len > end.len) {
            size_t keep = name.len - end.len;
            if (i == 1)
                keep += strlen("村"); /* 光明村村民委员会 is 光明村 */
            return str_sub(name, 0, keep);
        }
    }
    return name;
}
