/* affairs.c: open affairs: whose accounts are due when. See rules.h. */
#include "boards/bulletin/rules.h"

#include "engine/base/time.h"

enum { DAYS_AFTER = 15 };

bool bulletin_is_open_affairs(const struct board *board)
{
    return str_starts(board->word, STR("open_affairs"));
}

bool bulletin_period_known(int64_t period)
{
    return period / 10 >= 2020 && period / 10 <= 2079 && period % 10 >= 1 && period % 10 <= 4;
}

int64_t bulletin_period_of(int64_t t)
{
    struct civil d = time_civil(t);

    return (int64_t)d.year * 10 + (d.month - 1) / 3 + 1;
}

int64_t bulletin_period_before(int64_t period)
{
    return period % 10 == 1 ? period - 10 + 3 : period - 1;
}

int32_t bulletin_period_due(int64_t period)
{
    int64_t next = period % 10 == 4 ? period + 10 - 3 : period + 1;

    return day_from_ymd((int)(next / 10), (int)(next % 10 - 1) * 3 + 1, 1) + DAYS_AFTER - 1;
}
