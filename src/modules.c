/* modules.c: the list. */
#include "modules.h"

#include "boards/activity/activity.h"
#include "boards/guide/guide.h"
#include "boards/inquiry/inquiry.h"
#include "boards/exchange/exchange.h"
#include "boards/bulletin/bulletin.h"
#include "boards/report/figures.h"
#include "boards/report/report.h"
#include "boards/service/service.h"
#include "boards/talk/talk.h"
#include "boards/report/rules.h"
#include "civic/access/access.h"
#include "civic/board/board.h"
#include "civic/calendar/calendar.h"
#include "civic/daily/daily.h"
#include "civic/entry/entry.h"
#include "civic/frame/frame.h"
#include "civic/home/home.h"
#include "civic/hours/hours.h"
#include "civic/ledger/ledger.h"
#include "civic/media/media_routes.h"
#include "civic/moderation/moderation.h"
#include "civic/notify/notify.h"
#include "civic/party/party.h"
#include "civic/person/first.h"
#include "civic/person/person.h"
#include "civic/service/service.h"
#include "civic/place/place_module.h"
#include "civic/place/place_subject.h"
#include "civic/statistics/statistics_figures.h"
#include "civic/search/search_page.h"
#include "civic/statistics/statistics.h"
#include "civic/wechat/wechat.h"
#include "engine/base/config.h"
#include "engine/base/time.h"

/* Lists, a line for each: the formatter would set them in columns. */
/* clang-format off */

const struct module *const modules[] = {
    &service_module,
    &calendar_module,
    &ledger_module,
    &statistics_module,
    &figures_module,
    &home_module,
    &place_module,
    &place_estates_module,
    &place_organisations_module,
    &board_module,
    &media_module,
    &document_module,
    &notify_module,
    &notify_choice_module,
    &letters_module,
    &person_module,
    &wechat_module,
    &first_module,
    &join_module,
    &settings_module,
    &me_module,
    &second_module,
    &data_module,
    &residents_module,
    &roster_module,
    &hours_module,
    &hours_certificate_module,
    &hours_desk_module,
    &hours_contest_module,
    &report_module,
    &report_write_module,
    &report_step_module,
    &report_desk_module,
    &report_act_module,
    &talk_module,
    &talk_groups_module,
    &activity_module,
    &activity_run_module,
    &activity_mine_module,
    &inquiry_module,
    &inquiry_desk_module,
    &inquiry_officer_module,
    &provider_module,
    &slot_module,
    &property_module,
    &exchange_module,
    &exchange_act_module,
    &bulletin_module,
    &bulletin_tap_module,
    &bulletin_write_module,
    &bulletin_desk_module,
    &doctor_module,
    &service_desk_module,
    &moderation_module,
    &moderation_desk_module,
    &moderation_history_module,
    &party_me_module,
    &party_module,
    &party_desk_module,
    &search_module,
    &daily_module,
    &guide_module,
    &guide_run_module,
    &guide_help_module,
};
const size_t modules_n = sizeof(modules) / sizeof(modules[0]);

static const struct ledger_listener *const listeners[] = {
    &statistics_listener,
    &report_listener,
    &entry_listener,
    &bulletin_listener,
    &talk_listener,
    &inquiry_listener,
    &person_listener,
};

static const struct measure_table *const measures[] = {
    &report_measures,
    &entry_measures,
    &talk_measures,
    &activity_measures,
    &inquiry_measures,
    &slot_measures,
    &guide_measures,
    &exchange_measures,
};

const struct row_recount row_recounts[] = {
    {"reports", "report", report_recount},
    {"entries", "entry", entry_recount},
    {"groups of neighbours", "group", talk_group_recount},
    {"hours", "person", hours_recount},
    {"activities", "entry", activity_recount},
    {"slots", "slot", slot_recount},
    {"votes of the guide", "matter", guide_recount},
    {"accounts", "account", account_recount},
    {"exchanges", "exchange", exchange_recount},
    {"receipts", "notice", bulletin_recount},
    {"branches", "branch", party_recount},
};
const size_t row_recounts_n = sizeof(row_recounts) / sizeof(row_recounts[0]);

/* What follows an estate into another community. */
static const struct place_mover *const movers[] = {
    &person_mover,
    &moderation_mover,
    &entry_mover,
    &report_mover,
    &inquiry_mover,
    &guide_mover,
    &talk_mover,
    &exchange_mover,
    &activity_mover,
    &service_mover,
    &board_mover,
    &bulletin_mover,
    &party_mover, /* after people and reports */
};

/* The desk's left column, in this order. */
static const struct desk_table *const desk[] = {
    &report_desk, &bulletin_desk, &inquiry_desk, &service_desk, &guide_desk, &person_desk, &party_desk, &place_desk, &board_desk, &letters_desk, &moderation_desk, &hours_desk, &daily_desk,
};

static const struct figure_table *const figures[] = {
    &report_figures,
    &inquiry_figures,
};

/* What members of the Party take up, and take part in. */
static const struct party_kinds *const party[] = {
    &report_party,
    &exchange_party,
    &activity_party,
};

/* Who may see a picture. */
static const struct media_guards *const guards[] = {
    &report_guards,
    &entry_guards,
    &inquiry_guards,
};

/* Kinds of boards. A board of a kind is a row. */
static const struct board_kind *const board_list[] = {
    &report_board_kind,
    &talk_kind,
    &activity_kind,
    &inquiry_kind,
    &provider_kind,
    &guide_kind,
    &exchange_kind,
    &bulletin_kind,
};
/* What the search page shows, and checks. */
static const struct search_finder *const finders[] = {
    &report_finder,
    &entry_finder,
};

/* What is found by everyday words. */
static const struct search_adviser *const advisers[] = {
    &guide_adviser,
};

/* What can be flagged, hidden, appealed against. */
static const struct moderation_kinds *const moderated[] = {
    &entry_moderated,
    &exchange_moderated,
    &party_moderated,
    &report_moderated,
};
static const struct me_table *const me[] = {
    &report_me,
    &inquiry_me,
    &moderation_me,
    &hours_me,
    &wechat_me,
    &activity_me,
    &slot_me,
    &doctor_me,
    &guide_me,
    &exchange_me,
    &party_me,
};
static const struct home_table *const homes[] = {
    &report_home,
    &activity_home,
    &inquiry_home,
    &slot_home,
    &guide_home,
    &exchange_home,
    &bulletin_home,
};

/* What may leave the app, and by which ways, in the order in which they are tried. */
static const struct notice_table *const notices[] = {
    &report_notices,
    &entry_notices,
    &talk_notices,
    &inquiry_notices,
    &exchange_notices,
    &bulletin_notices,
    &person_notices,
    &moderation_notices,
    &activity_notices,
    &slot_notices,
    &doctor_notices,
    &guide_notices,
    &daily_notices,
    &hours_notices,
    &party_notices,
};
static const struct notice_carrier *const carriers[] = {
    &wechat_carrier, /* costs nothing, and is read there */
    &notify_sms_carrier,
};

/* How things move; each is checked at start. */
static const struct flow *const flows[] = {
    &report_flow, &order_flow, &talk_flow, &bulletin_flow, &inquiry_flow, &sharing_flow, &activity_flow, &signup_flow, &guide_help_flow,
    &provider_flow, &booking_flow, &account_flow, &sign_flow, &ask_flow, &measure_flow,
    &talk_group_flow, &exchange_flow, &turn_flow,
};

/* clang-format on */

const struct app_policy policy = {
    .capability_name = access_capability_name,
    .load_viewer = person_load_viewer,
    .allowed = access_policy_allowed,
    .ahead = frame_ahead,
    .fill_frame = frame_fill,
    .error_page = frame_error_page,
    .moved = place_moved,
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum result modules_use(const struct config *config, struct arena *a, struct str *ret_why)
{
    struct report_limits limits = report_limits_usual;
    struct notice_limits quiet = notice_limits_usual;
    struct work_hours hours;
    enum result r;

    ledger_listen(listeners, COUNT(listeners));
    statistics_use(measures, COUNT(measures));
    frame_use_desk(desk, COUNT(desk));
    media_use_guards(guards, COUNT(guards));
    board_use_kinds(board_list, COUNT(board_list));
    home_use(homes, COUNT(homes));
    search_use(finders, COUNT(finders));
    search_use_advisers(advisers, COUNT(advisers));
    home_use_search("/search");
    moderation_use(moderated, COUNT(moderated));
    me_use(me, COUNT(me));
    party_use(party, COUNT(party));
    place_move_with(movers, COUNT(movers));
    figures_use(figures, COUNT(figures));
    notify_use_carriers(carriers, COUNT(carriers));
    quiet.quiet_from = config->notify.quiet_from;
    quiet.quiet_to = config->notify.quiet_to;
    quiet.digest_hour = config->notify.digest_hour;
    quiet.bundle_ms = config->notify.bundle_minutes * TIME_MINUTE;
    quiet.sms_per_day = config->notify.sms_per_day;
    quiet.wechat_per_day = config->notify.wechat_per_day;
    notify_use_limits(&quiet);
    if ((r = notify_use(notices, COUNT(notices), a, ret_why)) != OK)
        return r;
    for (size_t i = 0; i < COUNT(flows); i++)
        if ((r = flow_check(flows[i], a, ret_why)) != OK)
            return r;
    limits.answer_work_hours = config->report.answer_work_hours;
    limits.solve_work_days = config->report.community_work_days;
    limits.handle_work_days = config->report.handler_work_days;
    limits.confirm_days = config->report.confirm_days;
    report_use_limits(&limits);
    if (work_hours_parse(config->calendar.work_hours, &hours) != OK) {
        *ret_why = STR("calendar.work_hours must look like 09:00-11:30,13:00-17:30");
        return E_INVALID;
    }
    calendar_use_hours(hours);
    return OK;
}
