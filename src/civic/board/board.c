/* board.c: boards as rows: reading them, making and changing them. */
#include "civic/board/board.h"

#include <stdlib.h>

#include "civic/board/board.sql.h"
#include "civic/ledger/ledger.h"
#include "civic/person/person.h"
#include "engine/base/ids.h"

static const struct board_kind *const *kinds; /* set once at start */
static size_t n_kinds;

void board_use_kinds(const struct board_kind *const *list, size_t n)
{
    kinds = list;
    n_kinds = n;
}

size_t board_kinds(const struct board_kind *const **ret_kinds)
{
    *ret_kinds = kinds;
    return n_kinds;
}

const struct board_kind *board_kind_of(struct str word)
{
    for (size_t i = 0; i < n_kinds; i++)
        if (str_eq(word, str_from_cstr(kinds[i]->word)))
            return kinds[i];
    return NULL;
}

/* ---- words of the columns -------------------------------------------------------------------------------------- */

static const char *const reader_words[] = {[READERS_EVERYBODY] = "everybody", [READERS_RESIDENTS] = "residents"};
static const char *const writer_words[] = {[WRITERS_STAFF] = "staff", [WRITERS_RESIDENTS] = "residents"};
static const char *const review_words[] = {
    [BOARD_REVIEW_NONE] = "none", [BOARD_REVIEW_BEFORE] = "before", [BOARD_REVIEW_AFTER] = "after"};
static const char *const state_words[] = {[BOARD_DRAFT] = "draft", [BOARD_OPEN] = "open", [BOARD_OFF] = "off"};
#define WORDS(table) table, sizeof(table) / sizeof((table)[0])

/* The strictest of the words for one that nobody knows: the first of `fallback`. */
static int word_index(struct str word, const char *const *words, size_t n, int fallback)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, str_from_cstr(words[i])))
            return (int)i;
    return fallback;
}

static struct str word_at(const char *const *words, int i)
{
    return str_from_cstr(words[i]);
}

const char *board_state_word(enum board_state state)
{
    return state_words[state];
}

/* ---- reading -------------------------------------------------------------------------------------------------------- */

static void take(struct board *b, const struct sql_board_get *row)
{
    *b = (struct board){
        .id = row->id,
        .word = row->word,
        .kind = row->kind,
        .name = row->name,
        .name_en = row->name_en,
        .lead = row->lead,
        .lead_en = row->lead_en,
        .icon = row->icon,
        .place = row->place,
        .organisation = row->organisation,
        .owner_kind = row->owner_kind,
        .readers = (enum scope_readers)word_index(row->readers, WORDS(reader_words), READERS_RESIDENTS),
        .writers = (enum scope_writers)word_index(row->writers, WORDS(writer_words), WRITERS_STAFF),
        .review = (enum board_review)word_index(row->review, WORDS(review_words), BOARD_REVIEW_BEFORE),
        .position = row->position,
        .state = (enum board_state)word_index(row->state, WORDS(state_words), BOARD_OFF),
        .changed_at = row->changed_at,
    };
}

/* All statements of boards begin with the columns of board_get; this says so to the compiler. */
#define BEGINS_LIKE_BOARD_GET(NAME)                                                                       \
    _Static_assert(offsetof(struct sql_##NAME, changed_at) == offsetof(struct sql_board_get, changed_at), \
                   #NAME " has the columns of board_get")
BEGINS_LIKE_BOARD_GET(board_by_word);
BEGINS_LIKE_BOARD_GET(board_shown);
BEGINS_LIKE_BOARD_GET(board_in_range);

enum result board_get(struct db *db, int64_t id, struct board *ret_board)
{
    struct sql_board_get row;
    enum result r = sql_board_get(db, id, &row);

    if (r == OK)
        take(ret_board, &row);
    return r;
}

enum result board_by_word(struct db *db, struct str word, struct board *ret_board)
{
    struct sql_board_by_word row;
    enum result r = sql_board_by_word(db, word, &row);

    if (r == OK)
        take(ret_board, (const struct sql_board_get *)&row);
    return r;
}

/* The place and those above it, by level; 0 where there is none. */
static void chain_of(int64_t place, int64_t ret_chain[4])
{
    size_t n = place_chain(place, ret_chain);

    for (; n < 4; n++)
        ret_chain[n] = 0;
}

static int in_order(const void *a, const void *b)
{
    const struct sql_board_shown *x = a, *y = b;

    if (x->stands != y->stands)
        return x->stands < y->stands ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

enum result board_shown(struct db *db, int64_t place, struct boards *ret_boards)
{
    struct sql_board_shown_rows rows;
    int64_t at[4];
    enum result r;

    chain_of(place, at);
    r = sql_board_shown(db, at[0], at[1], at[2], at[3], &rows);
    if (r != OK)
        return r;
    if (rows.n)
        qsort(rows.row, rows.n, sizeof(*rows.row), in_order);
    ret_boards->board = arena_array(db_arena(db), struct board, rows.n ? rows.n : 1);
    ret_boards->n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        if (board_kind_of(rows.row[i].kind) == NULL)
            continue;
        take(&ret_boards->board[ret_boards->n], (const struct sql_board_get *)&rows.row[i]);
        ret_boards->board[ret_boards->n++].hidden = rows.row[i].hidden;
    }
    return OK;
}

enum result board_shows_at(struct db *db, int64_t board, int64_t place, bool *ret_shows)
{
    struct sql_board_shows_at row;
    int64_t at[4];
    enum result r;

    chain_of(place, at);
    r = sql_board_shows_at(db, board, at[0], at[1], at[2], at[3], &row);
    if (r == OK)
        *ret_shows = row.n > 0;
    return r;
}

enum result board_below(struct db *db, int64_t place, struct boards *ret_boards)
{
    struct sql_board_in_range_rows rows;
    int64_t first, last;
    enum result r;

    place_range(place, &first, &last);
    r = sql_board_in_range(db, first, last, &rows);
    if (r != OK)
        return r;
    ret_boards->board = arena_array(db_arena(db), struct board, rows.n ? rows.n : 1);
    ret_boards->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        take(&ret_boards->board[i], (const struct sql_board_get *)&rows.row[i]);
    return OK;
}

enum result board_places(struct db *db, int64_t board, struct board_places *ret_places)
{
    struct sql_board_places_rows rows;
    enum result r = sql_board_places(db, board, &rows);

    if (r != OK)
        return r;
    ret_places->at = arena_array(db_arena(db), struct board_at, rows.n ? rows.n : 1);
    ret_places->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret_places->at[i] = (struct board_at){rows.row[i].place, rows.row[i].name};
    return OK;
}

struct str board_name(const struct board *board, enum lang lang)
{
    return lang == LANG_EN && board->name_en.len ? board->name_en : board->name;
}

struct str board_lead(const struct board *board, enum lang lang)
{
    return lang == LANG_EN && board->lead_en.len ? board->lead_en : board->lead;
}

struct url board_url(struct arena *a, const struct board *board, int64_t place)
{
    const struct board_kind *kind = board_kind_of(board->kind);

    if (kind && kind->single)
        return url_path(a, "/p/%" PRId64 "/" STR_FMT, place, STR_ARG(board->kind));
    return url_path(a, "/p/%" PRId64 "/" STR_FMT "/" STR_FMT, place, STR_ARG(board->kind), STR_ARG(board->word));
}

/* ---- writing ---------------------------------------------------------------------------------------------------------- */

enum { WORD_MIN = 2, WORD_MAX = 30, NAME_MAX = 12, NAME_EN_MAX = 30, LEAD_MAX = 60, LEAD_EN_MAX = 120 };

static bool word_fits(struct str word)
{
    if (word.len < WORD_MIN || word.len > WORD_MAX || word.ptr[0] < 'a' || word.ptr[0] > 'z')
        return false;
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

static enum result wrong(const char **ret_field, const char *field)
{
    *ret_field = field;
    return E_INVALID;
}

/* The rules that hold for a new board and for a changed one. */
static enum result look_over(struct db *db, const struct board *b, const int64_t *places, size_t n_places,
                             const char **ret_field)
{
    size_t name = str_utf8_count(b->name), name_en = str_utf8_count(b->name_en);
    struct organisation owner;
    struct place place;

    if (name == 0 || name > NAME_MAX)
        return wrong(ret_field, "name");
    if (name_en == 0 || name_en > NAME_EN_MAX)
        return wrong(ret_field, "name_en");
    if (str_utf8_count(b->lead) > LEAD_MAX)
        return wrong(ret_field, "lead");
    if (str_utf8_count(b->lead_en) > LEAD_EN_MAX)
        return wrong(ret_field, "lead_en");
    if (b->icon.len == 0)
        return wrong(ret_field, "icon");
    if (b->organisation && b->owner_kind.len)
        return wrong(ret_field, "owner");
    if (b->owner_kind.len && !organisation_kind_known(b->owner_kind))
        return wrong(ret_field, "owner");
    if (b->organisation && (organisation_get(db, b->organisation, &owner) != OK || owner.valid_to))
        return wrong(ret_field, "owner");
    if (n_places == 0)
        return wrong(ret_field, "places");
    for (size_t i = 0; i < n_places; i++) /* what is shown somewhere is administered there or above */
        if (!place_contains(b->place, places[i]) || place_get(db, places[i], &place) != OK || place.valid_to)
            return wrong(ret_field, "places");
    return OK;
}

static enum result put_places(struct db *db, int64_t board, const int64_t *places, size_t n)
{
    int64_t changed;
    enum result r = sql_board_place_clear(db, board);

    for (size_t i = 0; r == OK && i < n; i++)
        r = sql_board_place_put(db, board, places[i], &changed);
    return r;
}

static enum result record(struct db *db, const struct board *b, const char *verb, struct str before, struct str after,
                          int64_t actor, int64_t now)
{
    struct ledger_event e = {
        .community = b->place,
        .at = now,
        .actor = actor,
        .verb = str_from_cstr(verb),
        .subject_kind = STR("board"),
        .subject = b->id,
        .before = before,
        .after = after,
        .detail = str_printf(db_arena(db), "{\"word\":\"" STR_FMT "\",\"kind\":\"" STR_FMT "\"}", STR_ARG(b->word),
                             STR_ARG(b->kind)),
    };

    return ledger_append(db, &e);
}

enum result board_create(struct db *db, struct board *board, const int64_t *places, size_t n_places, int64_t actor,
                         int64_t now, const char **ret_field)
{
    const struct board_kind *kind = board_kind_of(board->kind);
    int64_t made;
    enum result r;

    if (!word_fits(board->word))
        return wrong(ret_field, "word");
    if (kind == NULL)
        return wrong(ret_field, "kind");
    if ((r = look_over(db, board, places, n_places, ret_field)) != OK)
        return r;
    board->id = id_new();
    r = sql_board_put(db, board->id, board->word, board->kind, board->name, board->name_en, board->lead, board->lead_en,
                      board->icon, board->place, board->organisation, board->owner_kind,
                      word_at(reader_words, board->readers), word_at(writer_words, board->writers),
                      word_at(review_words, board->review), board->position, word_at(state_words, board->state), now,
                      &made);
    if (r == OK && made == 0) {
        *ret_field = "word";
        return E_CONFLICT;
    }
    if (r == OK)
        r = put_places(db, board->id, places, n_places);
    return r == OK ? record(db, board, "board_made", STR_NONE, word_at(state_words, board->state), actor, now) : r;
}

enum result board_update(struct db *db, const struct board *board, const int64_t *places, size_t n_places,
                         int64_t actor, int64_t now, const char **ret_field)
{
    int64_t changed;
    enum result r = look_over(db, board, places, n_places, ret_field);

    if (r == OK)
        r = sql_board_update(db, board->id, board->name, board->name_en, board->lead, board->lead_en, board->icon,
                             board->organisation, board->owner_kind, word_at(reader_words, board->readers),
                             word_at(writer_words, board->writers), word_at(review_words, board->review),
                             board->position, now, &changed);
    if (r == OK && changed == 0)
        return E_NOT_FOUND;
    if (r == OK)
        r = put_places(db, board->id, places, n_places);
    return r == OK ? record(db, board, "board_changed", STR_NONE, STR_NONE, actor, now) : r;
}

enum result board_set_state(struct db *db, const struct board *board, enum board_state state, int64_t actor,
                            int64_t now)
{
    int64_t changed;
    enum result r = sql_board_set_state(db, board->id, word_at(state_words, state), now, &changed);

    if (r != OK || changed == 0)
        return r;
    return record(db, board, "board_state", word_at(state_words, board->state), word_at(state_words, state), actor,
                  now);
}

enum result board_arrange(struct db *db, int64_t community, const int64_t *boards, const bool *hidden, size_t n,
                          int64_t actor, int64_t now)
{
    struct ledger_event e = {
        .community = community,
        .at = now,
        .actor = actor,
        .verb = STR("boards_arranged"),
        .subject_kind = STR("place"),
        .subject = community,
    };
    enum result r = OK;

    for (size_t i = 0; r == OK && i < n; i++)
        r = sql_board_order_put(db, community, boards[i], (int64_t)i + 1, hidden[i]);
    return r == OK ? ledger_append(db, &e) : r;
}

/* ---- the article's boards ------------------------------------------------------------------------------------------------ */

/* Texts that stand in rows, like the names of places: they are data, and may be changed in the console. */
static const struct {
    const char *word, *kind, *name, *name_en, *lead, *lead_en, *icon, *owner_kind;
    enum scope_readers readers;
    enum scope_writers writers;
    enum board_review review;
} seeds[] = {
    /* clang-format off */
    {"report", "report", "身边事", "Nearby matters", "看到问题，拍张照说一声", "Seen a problem? Take a photo and tell us", "report", "", READERS_EVERYBODY, WRITERS_RESIDENTS, BOARD_REVIEW_NONE},
    {"announcement", "bulletin", "社区公告", "Announcements", "居委会的通知", "Notices of the committee", "announcement", "", READERS_EVERYBODY, WRITERS_STAFF, BOARD_REVIEW_NONE},
    {"guide", "guide", "办事指南", "How to", "要带什么、去哪里、几天办好", "What to bring, where to go, how long it takes", "guide", "", READERS_EVERYBODY, WRITERS_STAFF, BOARD_REVIEW_NONE},
    {"mutual_help", "exchange", "互助", "Mutual help", "要帮忙、能帮忙，都说一声", "Ask for help, or offer it", "help", "", READERS_RESIDENTS, WRITERS_RESIDENTS, BOARD_REVIEW_NONE},
    {"idle_item", "exchange", "闲置物品", "Idle items", "用不着的东西，邻居也许正需要", "What you no longer need, a neighbour may", "idle", "", READERS_RESIDENTS, WRITERS_RESIDENTS, BOARD_REVIEW_NONE},
    {"neighbour_talk", "talk", "邻里交流", "Neighbours talk", "聊聊家常，认识邻居", "A chat among neighbours", "talk", "", READERS_RESIDENTS, WRITERS_RESIDENTS, BOARD_REVIEW_AFTER},
    {"party_corner", "bulletin", "党建园地", "Party corner", "党组织的消息和活动", "News of the party organisation", "party", "party_organisation", READERS_EVERYBODY, WRITERS_STAFF, BOARD_REVIEW_NONE},
    {"small_wish", "exchange", "微心愿", "Small wishes", "认领一个心愿，帮一位邻居", "Take up a wish, help a neighbour", "wish", "", READERS_RESIDENTS, WRITERS_RESIDENTS, BOARD_REVIEW_BEFORE},
    {"activity", "activity", "社区活动", "Activities", "报名、签到、记服务时长", "Sign up, check in, collect hours", "calendar", "", READERS_EVERYBODY, WRITERS_STAFF, BOARD_REVIEW_NONE},
    {"community_service", "service", "社区服务", "Services", "家门口的服务，点一下就预约", "Services nearby, booked with a tap", "service", "", READERS_EVERYBODY, WRITERS_STAFF, BOARD_REVIEW_NONE},
    {"police_bulletin", "bulletin", "警情通报", "Police bulletin", "派出所的提醒", "What the police want you to know", "police", "community_police", READERS_EVERYBODY, WRITERS_STAFF, BOARD_REVIEW_NONE},
    {"police_line", "inquiry", "警民直通车", "Police line", "直接问社区民警", "Ask your community officer", "police", "community_police", READERS_RESIDENTS, WRITERS_RESIDENTS, BOARD_REVIEW_NONE},
    {"property_window", "service", "物业之窗", "Property window", "报修、费用公示、评物业", "Repairs, accounts, and your rating", "property", "property_company", READERS_EVERYBODY, WRITERS_STAFF, BOARD_REVIEW_NONE},
    {"family_doctor", "service", "家庭医生", "Family doctor", "签约、问诊、预约", "Sign up, ask, make an appointment", "doctor", "family_doctor", READERS_RESIDENTS, WRITERS_STAFF, BOARD_REVIEW_NONE},
    {"charity", "service", "公益组织", "Charities", "公益项目和志愿服务", "Projects and volunteering", "charity", "charity", READERS_EVERYBODY, WRITERS_STAFF, BOARD_REVIEW_NONE},
    {"open_affairs", "bulletin", "居务公开", "Open accounts", "居委会的账目和决定", "The committee's accounts and decisions", "table", "", READERS_EVERYBODY, WRITERS_STAFF, BOARD_REVIEW_NONE},
    {"property_notice", "bulletin", "物业公告", "Property notices", "停水停电、检修、收费", "Water and power cuts, repairs, fees", "property", "property_company", READERS_EVERYBODY, WRITERS_STAFF, BOARD_REVIEW_NONE},
    {"clinic_notice", "bulletin", "卫生公告", "Clinic notices", "体检、接种、门诊时间", "Check-ups, vaccinations, hours", "doctor", "family_doctor", READERS_EVERYBODY, WRITERS_STAFF, BOARD_REVIEW_NONE},
    {"district_news", "bulletin", "区里的事", "District news", "区里的消息", "News of the district", "news", "district_government", READERS_EVERYBODY, WRITERS_STAFF, BOARD_REVIEW_NONE},
    /* clang-format on */
};

/* A district whose news have a name of their own: a board of its own, and the usual one stands in the other districts. */
static const struct {
    int64_t district;
    const char *word, *name, *name_en, *lead, *lead_en;
} named[] = {
    {INT64_C(310113000000), "i_baoshan", "i宝山", "iBaoshan", "宝山区的消息", "News of Baoshan"},
};
enum { NAMED = sizeof(named) / sizeof(named[0]), DISTRICTS_MAX = 40 };

/* Where a board of the seeds stands: in the whole city, or in the districts that do not call it otherwise. */
static enum result seed_places(struct db *db, int64_t city, bool news, int64_t ret_place[DISTRICTS_MAX], size_t *ret_n)
{
    struct places districts;
    size_t others = 0;
    enum result r = news ? place_children(db, city, false, &districts) : OK;

    ret_place[0] = city;
    *ret_n = 1;
    if (r != OK || !news)
        return r;
    *ret_n = 0;
    for (size_t i = 0; i < districts.n && *ret_n < DISTRICTS_MAX; i++) {
        bool own = false;

        for (size_t k = 0; k < NAMED; k++)
            own |= districts.place[i].code == named[k].district;
        others += own;
        if (!own)
            ret_place[(*ret_n)++] = districts.place[i].code;
    }
    if (others == 0) { /* nobody does */
        ret_place[0] = city;
        *ret_n = 1;
    }
    return OK;
}

/* The news of districts that call them by a name of their own. Where the usual board stands in the whole city already, it stays. */
static enum result seed_named(struct db *db, const struct board *like, int64_t now)
{
    const char *field;
    enum result r = OK;

    for (size_t i = 0; r == OK && i < NAMED; i++) {
        struct board there, b = *like;
        struct place district;

        b.word = str_from_cstr(named[i].word);
        b.name = str_from_cstr(named[i].name);
        b.name_en = str_from_cstr(named[i].name_en);
        b.lead = str_from_cstr(named[i].lead);
        b.lead_en = str_from_cstr(named[i].lead_en);
        b.place = named[i].district;
        r = place_get(db, b.place, &district);
        if (r == OK && district.valid_to)
            r = E_NOT_FOUND;
        if (r == OK && board_by_word(db, b.word, &there) == E_NOT_FOUND)
            r = board_create(db, &b, &b.place, 1, 0, now, &field);
        if (r == E_NOT_FOUND)
            r = OK;
    }
    return r;
}

enum result board_seed(struct db *db, int64_t city, int64_t now)
{
    const char *field;

    for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
        struct board there, b = {
                                .word = str_from_cstr(seeds[i].word),
                                .kind = str_from_cstr(seeds[i].kind),
                                .name = str_from_cstr(seeds[i].name),
                                .name_en = str_from_cstr(seeds[i].name_en),
                                .lead = str_from_cstr(seeds[i].lead),
                                .lead_en = str_from_cstr(seeds[i].lead_en),
                                .icon = str_from_cstr(seeds[i].icon),
                                .owner_kind = str_from_cstr(seeds[i].owner_kind),
                                .place = city,
                                .readers = seeds[i].readers,
                                .writers = seeds[i].writers,
                                .review = seeds[i].review,
                                .position = (int64_t)(i + 1) * 10,
                                .state = BOARD_OPEN,
                            };
        bool news = str_eq(b.word, STR("district_news"));
        int64_t place[DISTRICTS_MAX];
        size_t n;
        enum result r = board_kind_of(b.kind) ? board_by_word(db, b.word, &there) : OK;

        if (r == E_NOT_FOUND) {
            r = seed_places(db, city, news, place, &n);
            if (r == OK && n)
                r = board_create(db, &b, place, n, 0, now, &field);
            if (r == OK && news)
                r = seed_named(db, &b, now);
        }
        if (r != OK)
            return r;
    }
    return OK;
}

/* ---- the subject ------------------------------------------------------------------------------------------------------------ */

/* "bulletin" of "/p/{place}/bulletin/{board:word}". */
static struct str kind_of_route(const struct route *route)
{
    struct str path = str_from_cstr(route->path), part;

    for (int i = 0; i < 4; i++) /* '', p, {place}, KIND */
        if (!str_cut(&path, '/', &part))
            return STR_NONE;
    return part;
}

enum result board_scope(struct request *rq, const struct board *board, int64_t place, struct subject_scope *ret_scope)
{
    struct sql_board_owners_rows rows;
    int64_t *ids, at[4];
    enum result r;

    *ret_scope = (struct subject_scope){
        .place = place,
        .board = true,
        .of_place = board->organisation == 0 && board->owner_kind.len == 0,
        .readers = board->readers,
        .writers = board->writers,
    };
    if (ret_scope->of_place)
        return OK;
    if (board->organisation) {
        ids = arena_new(rq->arena, int64_t);
        *ids = board->organisation;
        ret_scope->organisation = ids;
        ret_scope->n_organisations = 1;
        return OK;
    }
    chain_of(place, at);
    r = sql_board_owners(rq->db, board->owner_kind, at[0], at[1], at[2], at[3], &rows);
    if (r != OK)
        return r;
    ids = arena_array(rq->arena, int64_t, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++)
        ids[i] = rows.row[i].id;
    ret_scope->organisation = ids;
    ret_scope->n_organisations = rows.n;
    return OK;
}

enum result board_load(struct request *rq, struct board_subject *s)
{
    const struct viewer *viewer = viewer_of(rq);
    bool shows = false;
    enum result r = place_get(rq->db, rq->path_id[0], &s->place);

    if (r == OK)
        r = board_by_word(rq->db, rq->path_word[0], &s->board);
    if (r == OK)
        r = board_shows_at(rq->db, s->board.id, s->place.code, &shows);
    if (r != OK)
        return r;
    /* What was written at a place that has ended is read there still, whether or not its boards have gone on elsewhere. */
    if ((!shows && s->place.valid_to == 0) || !str_eq(s->board.kind, kind_of_route(rq->route)))
        return E_NOT_FOUND;
    rq->place = s->place.code;
    r = board_scope(rq, &s->board, s->place.code, &s->scope);
    if (r == OK && s->board.state != BOARD_OPEN && !access_allowed(viewer, CAP_BOARD_EDIT, s->board.place, NULL))
        return E_NOT_FOUND;
    return r;
}

static enum result load(struct request *rq)
{
    struct board_subject *s = arena_new(rq->arena, struct board_subject);
    enum result r = board_load(rq, s);

    if (r == OK && s->place.valid_to) /* it goes on at the place's successor: place_moved() */
        r = E_NOT_FOUND;
    if (r == OK)
        rq->subject = s;
    return r;
}

const struct subject_kind board_subject = {"board", load};
