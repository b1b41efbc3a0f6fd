/* words.c: see words.h. */
#include "civic/hours/words.h"

#include <inttypes.h>

#include "civic/hours/hours.h"
#include "civic/notify/notify.h"

struct str hours_span(struct arena *a, enum lang lang, int64_t minutes)
{
    int64_t n = minutes < 0 ? -minutes : minutes;
    struct str words = n < 60      ? text_format(a, lang, T_hours_minutes, TEXT_INT("m", n))
                     : n % 60 == 0 ? text_format(a, lang, T_hours_hours, TEXT_INT("h", n / 60))
                                   : text_format(a, lang, T_hours_both, TEXT_INT("h", n / 60), TEXT_INT("m", n % 60));

    return minutes < 0 ? str_printf(a, "−" STR_FMT, STR_ARG(words)) : words;
}

enum result hours_tell(struct db *db, int64_t community, int64_t person, enum text words, struct str what, int64_t line,
                       int64_t now)
{
    const struct text_arg args[] = {TEXT_STR("what", what)};
    const struct notice notice = {
        .person = person,
        .community = community,
        .text = words,
        .arg = args,
        .n_args = 1,
        .url = url_path(db_arena(db), "/me/hours"),
        .subject_kind = STR("hours"),
        .subject = line,
    };

    return notify_put(db, &notice, now);
}

static const struct notice_kind kinds[] = {
    /* clang-format off */
    {T_hours_tell_corrected, TOPIC_MINE, WAY_NOW, false, T_notify_away_progress},
    {T_hours_tell_kept,      TOPIC_MINE, WAY_NOW, false, T_notify_away_progress},
    {T_hours_tell_restored,  TOPIC_MINE, WAY_NOW, false, T_notify_away_progress},
    {T_hours_tell_revoked,   TOPIC_MINE, WAY_NOW, false, T_notify_away_progress},
    /* clang-format on */
};
const struct notice_table hours_notices = {kinds, sizeof(kinds) / sizeof(kinds[0])};
