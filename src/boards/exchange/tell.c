/* tell.c: who is told, and what of it may leave the app; what the figures count. */
#include "boards/exchange/rules.h"
#include "civic/notify/notify.h"
#include "civic/statistics/statistics.h"

enum result exchange_tell(struct db *db, const struct exchange *x, int64_t person, enum text words, int64_t now)
{
    /* What moderation has hidden is in no message either, but for who wrote it. */
    const struct text_arg args[] = {
        TEXT_STR("title", x->entry.hidden && person != x->entry.author ? STR("…") : x->entry.title)};
    const struct notice notice = {
        .person = person,
        .community = x->entry.community,
        .text = words,
        .arg = args,
        .n_args = 1,
        .url = entry_url(db_arena(db), &x->board, x->entry.community, x->entry.id),
        .subject_kind = STR("exchange"),
        .subject = x->entry.id,
    };

    return notify_put(db, &notice, now);
}

/* At once only what waits for somebody's word, or has an end. */
static const struct notice_kind kinds[] = {
    /* clang-format off */
    {T_exchange_tell_taken,            TOPIC_MINE,  WAY_NOW,    false, T_exchange_away_taken},
    {T_exchange_tell_asked,            TOPIC_MINE,  WAY_NOW,    false, T_exchange_away_asked},
    {T_exchange_tell_confirm,          TOPIC_MINE,  WAY_NOW,    false, T_exchange_away_confirm},
    {T_exchange_tell_minutes,          TOPIC_MINE,  WAY_NOW,    false, T_exchange_away_confirm},
    {T_exchange_tell_returned,         TOPIC_MINE,  WAY_NOW,    false, T_exchange_away_confirm},
    {T_exchange_tell_denied,           TOPIC_MINE,  WAY_NOW,    false, T_exchange_away_confirm},
    {T_exchange_tell_return_soon,      TOPIC_MINE,  WAY_NOW,    false, T_exchange_away_return},
    {T_exchange_tell_return_late,      TOPIC_MINE,  WAY_NOW,    false, T_exchange_away_return},
    {T_exchange_tell_return_late_yours, TOPIC_MINE, WAY_DIGEST, false, T_notify_away_progress},
    {T_exchange_tell_handing_soon,     TOPIC_MINE,  WAY_DIGEST, false, T_notify_away_progress},
    {T_exchange_tell_given_back,       TOPIC_MINE,  WAY_DIGEST, false, T_notify_away_progress},
    {T_exchange_tell_released,         TOPIC_MINE,  WAY_DIGEST, false, T_notify_away_progress},
    {T_exchange_tell_withdrawn,        TOPIC_MINE,  WAY_DIGEST, false, T_notify_away_progress},
    {T_exchange_tell_gone,             TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_exchange_tell_turn_over,        TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_exchange_tell_handing_over,     TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_exchange_tell_done,             TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_exchange_tell_lent,             TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_exchange_tell_back,             TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_exchange_tell_extended,         TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_exchange_tell_offer_soon,       TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_exchange_tell_expired,          TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_exchange_tell_published,        TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_exchange_tell_declined,         TOPIC_MINE,  WAY_APP,    false, T_notify_away_progress},
    {T_exchange_tell_word,             TOPIC_REPLY, WAY_NOW,    false, T_notify_away_reply},
    {T_exchange_tell_thanked,          TOPIC_REPLY, WAY_APP,    false, T_notify_away_reply},
    /* clang-format on */
};
const struct notice_table exchange_notices = {kinds, sizeof(kinds) / sizeof(kinds[0])};

static const struct measure_rule rules[] = {
    {"exchanges_taken", "entry", "taken_up", NULL, MEASURE_COUNT, NULL},
    {"exchanges_done", "entry", "exchanged", NULL, MEASURE_COUNT, NULL},
};
const struct measure_table exchange_measures = {rules, sizeof(rules) / sizeof(rules[0])};
