/* guide.c: the rules of matters: their facts, their versions, votes. */
#include "boards/guide/rules.h"

#include "civic/ledger/ledger.h"
#include "civic/statistics/statistics.h"
#include "engine/base/ids.h"

/* ---- words ------------------------------------------------------------------------------------------------------- */

const struct guide_word guide_themes[] = {
    {"register", T_guide_theme_register},   {"insurance", T_guide_theme_insurance}, {"medical", T_guide_theme_medical},
    {"elderly", T_guide_theme_elderly},     {"family", T_guide_theme_family},       {"relief", T_guide_theme_relief},
    {"disabled", T_guide_theme_disabled},   {"work", T_guide_theme_work},           {"housing", T_guide_theme_housing},
    {"education", T_guide_theme_education}, {"other", T_guide_theme_other},
};
const struct guide_word guide_reaches[] = {
    {"city", T_guide_reach_city},
    {"district", T_guide_reach_district},
    {"street", T_guide_reach_street},
    {"community", T_guide_reach_community},
};
const struct guide_word guide_forms[] = {
    {"original", T_guide_form_original},
    {"copy", T_guide_form_copy},
    {"both", T_guide_form_both},
    {"filled", T_guide_form_filled},
};
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
const size_t guide_themes_n = COUNT(guide_themes), guide_reaches_n = COUNT(guide_reaches),
             guide_forms_n = COUNT(guide_forms);

enum text guide_word_text(const struct guide_word *table, size_t n, struct str word)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, str_from_cstr(table[i].word)))
            return table[i].text;
    return T_none;
}

/* ---- materials as lines ---------------------------------------------------------------------------------------------- */

static struct str form_of(struct str words)
{
    if (words.len == 0)
        return STR("original");
    for (size_t i = 0; i < guide_forms_n; i++)
        if (str_eq(words, str_from_cstr(guide_forms[i].word)) || str_eq(words, text(LANG_ZH_CN, guide_forms[i].text)) ||
            str_eq_ci(words, text(LANG_EN, guide_forms[i].text)))
            return str_from_cstr(guide_forms[i].word);
    return STR_NONE;
}

/* Cuts at | or its full-width sister. */
static struct str cut_part(struct str *rest)
{
    static const char wide[] = "\xEF\xBD\x9C"; /* ｜ */
    size_t narrow = str_find(*rest, STR("|")), full = str_find(*rest, str_from_cstr(wide));
    size_t at = narrow < full ? narrow : full;
    struct str head = *rest;

    if (at == SIZE_MAX) {
        *rest = STR_NONE;
        return str_trim(head);
    }
    head.len = at;
    *rest = str_sub(*rest, at + (at == full ? sizeof(wide) - 1 : 1), SIZE_MAX);
    return str_trim(head);
}

enum result guide_materials_parse(struct arena *a, struct str lines, struct guide_material *ret, size_t *ret_n,
                                  size_t *ret_line)
{
    struct str line;
    size_t n = 0, at = 0;

    (void)a;
    while (str_cut(&lines, '\n', &line)) {
        struct guide_material m = {.copies = 1};
        struct str copies;

        at++;
        line = str_trim(line);
        if (line.len == 0)
            continue;
        *ret_line = at;
        if (n == GUIDE_MATERIALS_MAX)
            return E_INVALID;
        m.name = cut_part(&line);
        m.form = form_of(cut_part(&line));
        copies = cut_part(&line);
        m.note = str_trim(line);
        if (m.name.len == 0 || str_utf8_count(m.name) > 60 || m.form.len == 0 ||
            str_utf8_count(m.note) > GUIDE_LINE_MAX)
            return E_INVALID;
        if (copies.len && str_int64(copies, 1, 20, &m.copies) != OK)
            return E_INVALID;
        ret[n++] = m;
    }
    *ret_n = n;
    return OK;
}

struct str guide_materials_words(struct arena *a, enum lang lang, const struct guide_material *material, size_t n)
{
    struct buf b;

    buf_init(&b, a, 1024, 1 << 16);
    for (size_t i = 0; i < n; i++) {
        const struct guide_material *m = &material[i];
        struct str form = text(lang, guide_word_text(guide_forms, guide_forms_n, m->form));

        buf_printf(&b, STR_FMT "｜" STR_FMT "｜%" PRId64, STR_ARG(m->name), STR_ARG(form), m->copies);
        if (m->note.len)
            buf_printf(&b, "｜" STR_FMT, STR_ARG(m->note));
        buf_putc(&b, '\n');
    }
    return buf_str(&b);
}

struct str guide_summary(struct arena *a, const struct guide_facts *f)
{
    const struct str parts[] = {f->who, f->counter, f->address, f->online, f->steps, f->basis};
    struct buf b;

    buf_init(&b, a, 2048, 1 << 17);
    for (size_t i = 0; i < COUNT(parts); i++)
        if (parts[i].len) {
            buf_put(&b, parts[i]);
            buf_putc(&b, '\n');
        }
    for (size_t i = 0; i < f->n_materials; i++) {
        buf_put(&b, f->material[i].name);
        buf_putc(&b, '\n');
    }
    return str_utf8_cut(buf_str(&b), ENTRY_BODY_MAX);
}

/* ---- versions ------------------------------------------------------------------------------------------------------------ */

static bool text_fits(struct str s, size_t max)
{
    return str_utf8_count(s) <= max;
}

static bool facts_fit(const struct guide_facts *f)
{
    return f->name.len && text_fits(f->name, GUIDE_NAME_MAX) && text_fits(f->who, GUIDE_LINES_MAX) &&
           text_fits(f->steps, GUIDE_LINES_MAX) && text_fits(f->basis, GUIDE_LINES_MAX) &&
           text_fits(f->counter, GUIDE_LINE_MAX) && text_fits(f->address, GUIDE_LINE_MAX) &&
           text_fits(f->hours, GUIDE_LINE_MAX) && text_fits(f->phone, GUIDE_LINE_MAX) &&
           text_fits(f->online, GUIDE_LINE_MAX) && text_fits(f->fee, GUIDE_LINE_MAX) &&
           text_fits(f->changes, GUIDE_LINE_MAX) && f->n_materials <= GUIDE_MATERIALS_MAX &&
           guide_word_text(guide_reaches, guide_reaches_n, f->reach) != T_none && f->promised_amount >= 0 &&
           f->legal_amount >= 0;
}

static enum result put_version(struct db *db, int64_t place, int64_t item, int64_t version, const struct guide_facts *f,
                               int64_t person, int64_t now)
{
    enum result r = sql_guide_version_put(db, place, item, version, f->valid_from, f->name, f->who, f->counter,
                                          f->address, f->hours, f->phone, f->online, f->steps, f->promised_amount,
                                          f->promised_unit, f->legal_amount, f->legal_unit, f->fee, f->basis, f->reach,
                                          f->related, f->changes, person, now);

    for (size_t i = 0; r == OK && i < f->n_materials; i++)
        r = sql_guide_material_put(db, place, item, version, (int64_t)i + 1, f->material[i].name, f->material[i].form,
                                   f->material[i].copies, f->material[i].note);
    return r;
}

enum result guide_write(struct db *db, const struct entry_actor *actor, const struct guide_new *what, int64_t *ret_id)
{
    const struct entry_new entry = {
        .board = what->board,
        .community = what->place,
        .title = what->facts->name,
        .body = guide_summary(db_arena(db), what->facts),
        .audience = what->audience,
        .state = what->published ? STR("published") : STR("draft"),
        .listed = what->published,
    };
    int64_t id;
    enum result r;

    if (!facts_fit(what->facts) || guide_word_text(guide_themes, guide_themes_n, what->theme) == T_none)
        return E_INVALID;
    r = entry_write(db, actor, &entry, &id);
    if (r == OK)
        r = sql_guide_item_put(db, what->place, id, what->code, what->theme, what->unchecked);
    if (r == OK)
        r = put_version(db, what->place, id, 1, what->facts, actor->person, actor->now);
    if (r == OK)
        *ret_id = id;
    return r;
}

enum result guide_facts_get(struct db *db, int64_t place, int64_t item, int64_t version, struct guide_facts *ret)
{
    struct sql_guide_version_get v;
    struct sql_guide_materials_rows m;
    struct guide_material *material;
    enum result r = sql_guide_version_get(db, place, item, version, &v);

    if (r == OK)
        r = sql_guide_materials(db, place, item, version, &m);
    if (r != OK)
        return r;
    material = arena_array(db_arena(db), struct guide_material, m.n ? m.n : 1);
    for (size_t i = 0; i < m.n; i++)
        material[i] = (struct guide_material){m.row[i].name, m.row[i].form, m.row[i].copies, m.row[i].note};
    *ret = (struct guide_facts){
        .name = v.name,
        .who = v.who,
        .counter = v.counter,
        .address = v.address,
        .hours = v.hours,
        .phone = v.phone,
        .online = v.online,
        .steps = v.steps,
        .promised_amount = v.promised_amount,
        .promised_unit = v.promised_unit,
        .legal_amount = v.legal_amount,
        .legal_unit = v.legal_unit,
        .fee = v.fee,
        .basis = v.basis,
        .reach = v.reach,
        .related = v.related,
        .changes = v.changes,
        .valid_from = (int32_t)v.valid_from,
        .material = material,
        .n_materials = m.n,
        .version = v.version,
    };
    return OK;
}

/* The entry says what holds: name, search, the versions of its text. */
static enum result enforce(struct db *db, const struct entry_actor *actor, const struct board *board,
                           const struct entry *entry, int64_t version, const struct guide_facts *f)
{
    int64_t changed;
    enum result r = sql_guide_item_in_force(db, entry->community, entry->id, version, &changed);

    if (r != OK || changed == 0)
        return r;
    return entry_edit(db, actor, board, entry, entry->version, f->name, guide_summary(db_arena(db), f));
}

enum result guide_revise(struct db *db, const struct entry_actor *actor, const struct board *board,
                         const struct entry *entry, int64_t newest, struct str theme, bool unchecked,
                         const struct guide_facts *facts)
{
    struct sql_guide_version_get before;
    int64_t changed;
    enum result r;

    if (!actor->runs)
        return E_DENIED;
    if (!facts_fit(facts) || guide_word_text(guide_themes, guide_themes_n, theme) == T_none)
        return E_INVALID;
    r = sql_guide_version_get(db, entry->community, entry->id, newest, &before);
    if (r == E_NOT_FOUND)
        return E_CONFLICT;
    if (r == OK && facts->valid_from < before.valid_from)
        return E_INVALID;
    if (r == OK)
        r = sql_guide_item_set(db, entry->community, entry->id, newest, theme, unchecked, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    if (r == OK)
        r = put_version(db, entry->community, entry->id, newest + 1, facts, actor->person, actor->now);
    if (r == OK && facts->valid_from <= day_of(actor->now))
        r = enforce(db, actor, board, entry, newest + 1, facts);
    return r;
}

enum result guide_take_effect(struct db *db, int64_t now, int64_t max, int64_t *ret_n)
{
    struct sql_guide_due_rows due;
    enum result r = sql_guide_due(db, day_of(now), max, &due);

    *ret_n = 0;
    for (size_t i = 0; r == OK && i < due.n; i++) {
        const struct entry_actor clock = {.runs = true, .now = now};
        struct guide_facts facts;
        struct entry entry;
        struct board board;

        r = entry_get(db, due.row[i].community, due.row[i].item, &entry);
        if (r == OK)
            r = board_get(db, entry.board, &board);
        if (r == OK)
            r = guide_facts_get(db, due.row[i].community, due.row[i].item, due.row[i].version, &facts);
        if (r == OK)
            r = enforce(db, &clock, &board, &entry, due.row[i].version, &facts);
        if (r == OK)
            ++*ret_n;
    }
    return r;
}

/* ---- votes ---------------------------------------------------------------------------------------------------------------------- */

enum result guide_vote(struct db *db, const struct entry_actor *actor, const struct entry *entry, bool useful,
                       struct str words)
{
    int64_t id = id_new(), fresh, other = 0;
    struct ledger_event e = {
        .community = entry->community,
        .id = id,
        .at = actor->now,
        .actor = actor->person,
        .verb = useful ? STR("found_useful") : STR("found_useless"),
        .subject_kind = STR("guide"),
        .subject = entry->id,
        .text_hash = words.len ? ledger_text_hash(db_arena(db), id, words) : STR_NONE,
    };
    enum result r;

    if (useful)
        words = STR_NONE;
    if (!entry->listed)
        return E_CONFLICT;
    r = sql_guide_vote_put(db, entry->community, entry->id, actor->person, useful, words, actor->now, &fresh);
    if (r == OK && !fresh)
        r = sql_guide_vote_change(db, entry->community, entry->id, actor->person, useful, words, actor->now, &other);
    if (r == OK && !fresh && !other) /* the same again: perhaps with words now */
        return words.len ? sql_guide_vote_words(db, entry->community, entry->id, actor->person, words, actor->now) : OK;
    if (r == OK)
        r = sql_guide_item_votes(db, entry->community, entry->id,
                                 useful  ? 1
                                 : other ? -1
                                         : 0,
                                 useful ? (other ? -1 : 0) : 1);
    return r == OK ? ledger_append(db, &e) : r;
}

enum result guide_recount(struct db *db, int64_t community, int64_t *ret_bad)
{
    struct sql_guide_recount_rows rows;
    enum result r = sql_guide_recount(db, community, &rows);

    *ret_bad = 0;
    for (size_t i = 0; r == OK && i < rows.n && *ret_bad == 0; i++)
        if (rows.row[i].useful != rows.row[i].real_useful || rows.row[i].useless != rows.row[i].real_useless)
            *ret_bad = rows.row[i].id;
    return r;
}

/* ---- lists -------------------------------------------------------------------------------------------------------------------------- */

enum result guide_rows(struct db *db, const struct board *board, int64_t place, struct guide_rows *ret)
{
    int64_t chain[4];
    size_t n = place_chain(place, chain), all = 0;
    struct sql_guide_list_rows rows[4];
    struct str near = STR_NONE, nearer = STR_NONE;

    if (n > 2)
        near = str_printf(db_arena(db), ",%" PRId64, chain[2]);
    if (n > 3)
        nearer = str_printf(db_arena(db), ",%" PRId64, chain[3]);
    for (size_t i = 0; i < n; i++)
        sql_guide_list_ahead(db, chain[i], board->id, near, nearer, GUIDE_ROWS_MAX);
    for (size_t i = 0; i < n; i++) {
        enum result r = sql_guide_list(db, chain[i], board->id, near, nearer, GUIDE_ROWS_MAX, &rows[i]);

        if (r != OK)
            return r;
        all += rows[i].n;
    }
    ret->row = arena_array(db_arena(db), struct sql_guide_list, all ? all : 1);
    ret->n = 0;
    for (size_t i = n; i-- > 0;) /* the nearest place first */
        for (size_t k = 0; k < rows[i].n && ret->n < GUIDE_ROWS_MAX; k++)
            ret->row[ret->n++] = rows[i].row[k];
    return OK;
}

static const struct measure_rule measure_rules[] = {
    {"guide_useful", "guide", "found_useful", NULL, MEASURE_COUNT, NULL},
    {"guide_useless", "guide", "found_useless", NULL, MEASURE_COUNT, NULL},
    {"guide_help_asked", "guide_help", "asked", NULL, MEASURE_COUNT, NULL},
    {"guide_help_taken", "guide_help", "taken", NULL, MEASURE_MINUTES, NULL},
    {"guide_help_done", "guide_help", "done", NULL, MEASURE_COUNT, NULL},
    {"guide_help_confirmed", "guide_help", "confirmed", NULL, MEASURE_COUNT, NULL},
};
const struct measure_table guide_measures = {measure_rules, COUNT(measure_rules)};
