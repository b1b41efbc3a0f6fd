/* repair.c: a report that is handed to the property company at once, see report.h. */
#include "boards/report/category.h"
#include "boards/report/rules.h"
#include "boards/report/similar.h"

enum result report_repair(struct db *db, const struct report_repair *what, int64_t *ret_report)
{
    const struct report_actor resident = {
        .person = what->person, .who = WHO_RESIDENT, .now = what->now, .rq = what->rq};
    const struct report_actor clock = {.who = WHO_CLOCK, .now = what->now};
    struct report_draft draft = {
        .community = what->community,
        .dwelling = what->dwelling,
        .author_from = what->author_from,
        .title = what->title,
        .body = what->body,
        .spot = what->spot,
        .estate = what->estate,
        .building = what->building,
        .photos = what->photos,
    };
    struct report_hand_off to = {.n = 1};
    struct organisations serving;
    struct organisation committee;
    bool serves = false;
    enum result r = organisation_for(db, what->community, &serving);

    for (size_t i = 0; r == OK && i < serving.n; i++)
        serves |= serving.organisation[i].id == what->company &&
                  str_eq(serving.organisation[i].kind, STR("property_company"));
    if (r == OK && !serves)
        return E_INVALID;
    if (r == OK && (r = organisation_head_of(db, what->community, &committee)) == OK)
        draft.committee = committee.id;
    if (r == OK)
        r = category_suggest(db, what->title, what->body, &draft.category);
    if (r == OK)
        r = report_write(db, &resident, &draft, ret_report);
    if (r != OK)
        return r;
    to.to[0].organisation = what->company;
    to.to[0].task = what->title;
    to.to[0].lead = true;
    return report_hand_off(db, &clock, what->community, *ret_report, &to);
}
