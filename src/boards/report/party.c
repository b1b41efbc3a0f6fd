/* party.c: reports as something that members of the Party lend a hand with (civic/party). */
#include "boards/report/present.h"
#include "boards/report/report.h"
#include "boards/report/report.sql.h"
#include "civic/party/party.h"

void report_party_thing(struct arena *a, int64_t community, const struct sql_report_get *report,
                        struct party_thing *ret)
{
    *ret = (struct party_thing){
        .author = report->author,
        .title = report->title,
        .url = report_url(a, community, report->id),
        .shows = !report->hidden,
        .between = !report->hidden,
        .open = report->closed_at == 0 && !str_eq(report->state, STR("confirming")),
    };
}

static enum result get(struct db *db, int64_t community, int64_t id, struct party_thing *ret)
{
    struct sql_report_get report;
    enum result r = sql_report_get(db, community, id, &report);

    if (r == OK)
        report_party_thing(db_arena(db), community, &report, ret);
    return r;
}

static const struct party_kind kinds[] = {
    {.word = "report", .name = T_party_kind_report, .here = true, .get = get},
};
const struct party_kinds report_party = {.kind = kinds, .n = sizeof(kinds) / sizeof(kinds[0])};
