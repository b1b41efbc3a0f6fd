/* move.c: who offers something, and what households have with them, when an estate or a whole community goes elsewhere.
 *
 * - A household's own things go with its estate: its sign-up with a family doctor, its questions with their clocks and sealed words, and how it has rated the
 *   property company, so that it rates once a year wherever it lives.
 * - A provider's page, its times, and who has booked them stay with the community, and go when that ends: a booking is kept in any case.
 * - A household that is signed up with a doctor of a community that goes on keeps the doctor: the team serves the new community too, and
 *   its page is there as a copy, unless the team has one of that name already.
 * - Accounts are published for a community once and for all. They go to its heir with the name of the place that they were published for: after a merger those
 *   of both stand, also for the same period. */
#include "boards/service/doctor.h"
#include "boards/service/move.sql.h"
#include "boards/service/property.h"
#include "boards/service/service.h"

#include "civic/entry/entry.h"
#include "civic/flow/flow.h"
#include "civic/ledger/ledger.h"
#include "civic/place/place.h"
#include "civic/search/search.h"
#include "engine/base/ids.h"

/* ---- a household and its doctor ---- */

static enum result carry_sign(struct db *db, int64_t from, int64_t to, int64_t sign)
{
    static const struct place_part question[] = {{sql_doctor_messages_of_move, sql_doctor_messages_of_moved},
                                                 {sql_doctor_question_row_move, sql_doctor_question_row_moved}},
                                   row[] = {{sql_doctor_sign_row_move, sql_doctor_sign_row_moved}};
    struct sql_doctor_questions_of_sign_rows questions;
    enum result r = sql_doctor_questions_of_sign(db, from, sign, &questions);

    for (size_t i = 0; r == OK && i < questions.n; i++) {
        int64_t id = questions.row[i].id;

        r = clock_carry(db, from, to, STR("doctor_question"), id);
        if (r == OK)
            r = place_carry(db, from, to, id, question, sizeof(question) / sizeof(question[0]));
    }
    return r == OK ? place_carry(db, from, to, sign, row, 1) : r;
}

static enum result move(struct db *db, int64_t from, int64_t to, int64_t estate, int64_t at)
{
    static const struct place_part ratings = {sql_property_ratings_move, sql_property_ratings_moved};
    struct sql_doctor_signs_of_estate_rows signs;
    enum result r = sql_doctor_signs_of_estate(db, from, estate, &signs);

    (void)at;
    for (size_t i = 0; r == OK && i < signs.n; i++)
        r = carry_sign(db, from, to, signs.row[i].id);
    return r == OK ? place_carry(db, from, to, estate, &ratings, 1) : r;
}

/* ---- a doctor's page for those who went elsewhere ---- */

static enum result copy_page(struct db *db, int64_t from, int64_t to, const struct entry *entry, int64_t copy,
                             int64_t at)
{
    struct ledger_event event = {
        .community = to,
        .id = id_new(),
        .at = at,
        .organisation = entry->organisation,
        .verb = STR("copied"),
        .subject_kind = STR("entry"),
        .subject = copy,
        .detail = str_printf(db_arena(db), "{\"from\":\"%" PRId64 "\",\"entry\":\"%" PRId64 "\"}", from, entry->id),
    };
    struct board board;
    struct search_entry found = {
        .community = to, .subject_kind = entry->kind, .subject = copy, .title = entry->title, .text = entry->body};
    enum result r = sql_provider_copy_entry(db, from, to, entry->id, copy, at);

    if (r == OK)
        r = sql_provider_copy_version(db, to, copy, at);
    if (r == OK)
        r = sql_provider_copy_row(db, from, to, entry->id, copy, at);
    if (r == OK)
        r = board_get(db, entry->board, &board);
    if (r == OK && entry->listed) {
        found.visibility = board.readers == READERS_EVERYBODY ? SEARCH_PUBLIC : SEARCH_RESIDENTS;
        r = search_put(db, &found);
    }
    return r == OK ? ledger_append(db, &event) : r;
}

static enum result doctors_at(struct db *db, int64_t from, int64_t place, int64_t at)
{
    struct sql_doctor_providers_missed_rows missed;
    enum result r = sql_doctor_providers_missed(db, place, &missed);

    for (size_t i = 0; r == OK && i < missed.n; i++) {
        struct sql_provider_same same;
        struct entry entry;
        int64_t there = id_new();

        r = entry_get(db, from, missed.row[i].provider, &entry);
        if (r == E_NOT_FOUND) { /* of another community that comes here too: it settles its own */
            r = OK;
            continue;
        }
        if (r == OK)
            r = sql_provider_same(db, place, entry.board, missed.row[i].organisation, entry.title, &same);
        if (r == OK)
            there = same.entry;
        else if (r == E_NOT_FOUND)
            r = copy_page(db, from, place, &entry, there, at);
        if (r == OK && missed.row[i].organisation)
            r = organisation_serve(db, missed.row[i].organisation, place, true);
        if (r == OK)
            r = sql_doctor_signs_with(db, place, missed.row[i].provider, there);
    }
    return r;
}

/* ---- providers and accounts ---- */

static enum result carry_page(struct db *db, int64_t from, int64_t to, int64_t id, int64_t at)
{
    static const struct place_part parts[] = {
        {sql_provider_bookings_move, sql_provider_bookings_moved},
        {sql_provider_slots_move, sql_provider_slots_moved},
        {sql_provider_row_move, sql_provider_row_moved},
        {sql_property_lines_move, sql_property_lines_moved},
        {sql_property_account_row_move, sql_property_account_row_moved},
    };
    enum result r = place_carry(db, from, to, id, parts, sizeof(parts) / sizeof(parts[0]));

    return r == OK ? entry_carry(db, from, to, id, at) : r;
}

static enum result settle(struct db *db, int64_t from, int64_t heir, int64_t at)
{
    struct sql_doctor_signs_all_rows signs = {NULL, 0};
    const int64_t *after;
    size_t n;
    enum result r = place_after(db, from, &after, &n);

    /* Elsewhere first: what is copied has to be here still. */
    for (size_t i = 0; r == OK && i < n; i++)
        if (after[i] != heir)
            r = doctors_at(db, from, after[i], at);
    if (r == OK)
        r = entry_carry_rest(db, from, heir, "service", at, carry_page);
    if (r == OK && heir) /* of households whose dwelling is gone already */
        r = sql_doctor_signs_all(db, from, &signs);
    for (size_t i = 0; r == OK && i < signs.n; i++)
        r = carry_sign(db, from, heir, signs.row[i].id);
    return r;
}

const struct place_mover service_mover = {"service", move, settle};
