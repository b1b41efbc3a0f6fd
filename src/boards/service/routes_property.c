/* routes_property.c: 物业之窗: repairs, accounts, the yearly rating. On the boards of property companies alone. */
#include "boards/report/report.h"
#include "boards/service/property.h"
#include "boards/service/routes.h"
#include "boards/service/views/property_account.html.h"
#include "boards/service/views/property_accounts.html.h"
#include "boards/service/views/property_rate.html.h"
#include "boards/service/views/property_repair.html.h"
#include "boards/service/views/property_write.html.h"
#include "civic/entry/entry_files.h"
#include "civic/entry/entry_present.h"
#include "civic/media/media_form.h"
#include "civic/person/identity.h"
#include "civic/person/person.h"

enum { PHOTOS_MAX = 6, COMPANIES = 5 };

static enum result load(struct request *rq)
{
    enum result r = board_subject.load(rq);

    return r == OK && !board_is_of(rq, rq->subject, "property_company") ? E_NOT_FOUND : r;
}
static const struct subject_kind property_subject = {"property_board", load};

/* The companies that serve the place of the request: those that run its board. */
static enum result companies_of(struct request *rq, struct organisation *ret, size_t *ret_n)
{
    const struct board_subject *s = rq->subject;
    size_t n = s->scope.n_organisations < COMPANIES ? s->scope.n_organisations : COMPANIES;
    enum result r = OK;

    for (size_t i = 0; r == OK && i < n; i++)
        r = organisation_get(rq->db, s->scope.organisation[i], &ret[i]);
    *ret_n = n;
    return r;
}

/* The home of the viewer in the community of the request; NULL: none, or not verified. */
static const struct viewer_residence *home_of(struct request *rq)
{
    const struct viewer_residence *home = viewer_residence_in(viewer_of(rq), rq->place);

    return home && home->verified ? home : NULL;
}

static struct url here(struct request *rq, const char *tail)
{
    return url_below(rq->arena, board_url(rq->arena, board_of(rq), rq->place), tail);
}

/* ---- repairs ------------------------------------------------------------------------------------------------------------- */

enum { R_TITLE, R_SPOT, R_BODY, R_COMPANY, R_PHOTOS, R_PARAMS };
static const struct param repair_params[R_PARAMS] = {
    [R_TITLE] = {.name = "title", .kind = PARAM_TEXT, .required = true, .min = 2, .max = 40, .doc = "What is broken"},
    [R_SPOT] = {.name = "spot", .kind = PARAM_TEXT, .required = true, .max = 60, .doc = "Where"},
    [R_BODY] = {.name = "body", .kind = PARAM_LINES, .max = 1000, .doc = "More about it"},
    [R_COMPANY] = {.name = "company", .kind = PARAM_ID, .doc = "Which company, where there are several"},
    [R_PHOTOS] = {.name = "photos",
                  .kind = PARAM_FILE,
                  .max = PHOTOS_MAX,
                  .max_bytes = 12 << 20,
                  .doc = "Pictures: JPEG, PNG or WebP"},
};

static enum result prepare_repair(struct request *rq)
{
    return media_photos_prepare(rq, R_PHOTOS);
}

static enum result form_repair(struct request *rq)
{
    struct organisation company[COMPANIES];
    struct property_repair_companies *c = arena_array(rq->arena, struct property_repair_companies, COMPANIES);
    struct property_repair_view view = {
        .board = board_name(board_of(rq), rq->lang), .action = here(rq, "/repair"), .back = here(rq, "")};
    size_t n;
    enum result r = companies_of(rq, company, &n);

    if (r != OK)
        return r;
    if (home_of(rq) == NULL)
        return request_refuse(rq, E_DENIED, T_service_rating_not_here);
    for (size_t i = 0; i < n; i++)
        c[i] = (struct property_repair_companies){company[i].id, company[i].name};
    view.companies.v = c;
    view.companies.n = n;
    view.several = n > 1;
    return respond_view(rq, property_repair, &view);
}

static enum result send_repair(struct request *rq)
{
    const struct viewer_residence *home = home_of(rq);
    const struct media_photos *photos = rq->prepared;
    struct organisation company[COMPANIES];
    struct private_span spans[4];
    struct report_repair what;
    int64_t id;
    size_t n, at = 0;
    enum result r = companies_of(rq, company, &n);

    if (r != OK)
        return r;
    if (home == NULL)
        return request_refuse(rq, E_DENIED, T_service_rating_not_here);
    if (n == 0)
        return request_refuse(rq, E_CONFLICT, T_service_repair_no_company);
    for (size_t i = 0; param_given(rq, R_COMPANY) && i < n; i++)
        if (company[i].id == param_int(rq, R_COMPANY))
            at = i;
    if (private_find(param_text(rq, R_TITLE), spans, 4) + private_find(param_text(rq, R_BODY), spans, 4) +
            private_find(param_text(rq, R_SPOT), spans, 4) >
        0)
        return request_invalid(rq, "body", T_service_repair_private);
    what = (struct report_repair){
        .rq = rq,
        .community = rq->place,
        .person = rq->person,
        .dwelling = home->dwelling,
        .company = company[at].id,
        .author_from = home->building_name,
        .title = param_text(rq, R_TITLE),
        .body = param_text(rq, R_BODY),
        .spot = param_text(rq, R_SPOT),
        .estate = home->estate,
        .photos = photos ? (int64_t)photos->n : 0,
        .now = rq->now,
    };
    r = report_repair(rq->db, &what, &id);
    if (r == OK)
        r = media_photos_attach(rq, photos, STR("report"), id, MEDIA_STAGE_BEFORE, 0);
    return r == OK ? respond_created(rq, url_path(rq->arena, "/p/%" PRId64 "/report/%" PRId64, rq->place, id), id,
                                     T_service_repaired)
                   : r;
}

/* ---- accounts ------------------------------------------------------------------------------------------------------------- */

static const enum text kind_names[ACCOUNT_KINDS] = {[ACCOUNT_FEES] = T_service_account_kind_fees,
                                                    [ACCOUNT_FUND] = T_service_account_kind_fund,
                                                    [ACCOUNT_INCOME] = T_service_account_kind_income};

static struct str period_words(struct request *rq, enum lang lang, enum account_kind kind, int64_t period)
{
    struct str year = str_printf(rq->arena, "%" PRId64, period / 10);

    return kind == ACCOUNT_FEES ? text_format(rq->arena, lang, T_service_period_year, TEXT_STR("year", year))
         : kind == ACCOUNT_FUND
             ? text_format(rq->arena, lang, T_service_period_half, TEXT_STR("year", year), TEXT_INT("n", period % 10))
             : text_format(rq->arena, lang, T_service_period_quarter, TEXT_STR("year", year),
                           TEXT_INT("n", period % 10));
}

/* 12,000.50 */
static struct str yuan(struct request *rq, int64_t fen)
{
    int64_t n = fen < 0 ? -fen : fen;
    struct str whole = str_printf(rq->arena, "%" PRId64, n / 100);
    struct buf b;

    buf_init(&b, rq->arena, 48, 48);
    if (fen < 0)
        buf_put(&b, STR("−"));
    for (size_t i = 0; i < whole.len; i++) {
        if (i && (whole.len - i) % 3 == 0)
            buf_putc(&b, ',');
        buf_putc(&b, whole.ptr[i]);
    }
    buf_printf(&b, ".%02d", (int)(n % 100));
    return buf_str(&b);
}

/* The periods that are over since the company is here, of each kind the last ones: published in time, late, or not at all. */
/* One that is there, or that had to be: row NULL. */
static struct property_accounts_companies_accounts account_row(struct request *rq, enum account_kind kind,
                                                               int64_t period, int32_t due,
                                                               const struct sql_property_accounts *row)
{
    int64_t late = (row ? day_of(row->published_at) : day_of(rq->now)) - due;
    struct property_accounts_companies_accounts a = {
        .kind = kind_names[kind],
        .period = period_words(rq, rq->lang, kind, period),
        .period_number = period,
        .due = due,
        .published = row ? row->published_at : 0,
        .days_late = late > 0 ? late : 0,
        .has_days_late = late > 0,
        .entry = row ? row->entry : 0,
        .state = row      ? late > 0 ? T_service_account_late_word : T_service_account_on_time
               : late > 0 ? T_service_account_missing
                          : T_service_account_coming,
        .mark = row      ? late > 0 ? STR("wait") : STR("done")
                   : late > 0 ? STR("late")
                         : STR("open"),
    };

    if (late > 0)
        a.late = text_format(rq->arena, rq->lang, row ? T_service_account_late : T_service_account_overdue,
                             TEXT_INT("n", late));
    if (row) {
        a.url = entry_url(rq->arena, board_of(rq), rq->place, row->entry);
        if (row->origin != rq->place) /* of a community that has come here */
            a.origin = row->origin_name;
    }
    return a;
}

static enum result fill_accounts(struct request *rq, const struct organisation *company,
                                 struct property_accounts_companies *to)
{
    int32_t since = company->valid_from ? day_of(company->valid_from) : 0;
    struct property_accounts_companies_accounts *a;
    struct sql_property_accounts_rows rows;
    size_t n = 0;
    enum result r = sql_property_accounts(rq->db, rq->place, company->id, 0, &rows);

    if (r != OK)
        return r;
    a = arena_array(rq->arena, struct property_accounts_companies_accounts,
                    (size_t)ACCOUNT_KINDS * ACCOUNT_PERIODS + rows.n);
    for (int k = 0; k < ACCOUNT_KINDS; k++) {
        const enum account_kind kind = (enum account_kind)k;
        int64_t period = account_period_over(kind, day_of(rq->now));

        for (int i = 0; i < ACCOUNT_PERIODS; i++, period = account_period_before(kind, period)) {
            int32_t first, last;
            size_t before = n;

            if (account_period_days(kind, period, &first, &last) != OK)
                break;
            for (size_t j = 0; j < rows.n; j++)
                if (rows.row[j].period == period && str_eq(rows.row[j].kind, str_from_cstr(account_kind_word(kind))))
                    a[n++] = account_row(rq, kind, period, last + ACCOUNT_DUE_DAYS, &rows.row[j]);
            if (n == before && first < since)
                break; /* before its time */
            if (n == before)
                a[n++] = account_row(rq, kind, period, last + ACCOUNT_DUE_DAYS, NULL);
        }
    }
    to->name = company->name;
    to->accounts.v = a;
    to->accounts.n = n;
    return OK;
}

static enum result list_accounts(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    struct organisation company[COMPANIES];
    struct property_accounts_companies *c = arena_array(rq->arena, struct property_accounts_companies, COMPANIES);
    struct property_accounts_view view = {
        .place = rq->place, .board = board_name(&s->board, rq->lang), .back = here(rq, "")};
    size_t n;
    enum result r = companies_of(rq, company, &n);

    for (size_t i = 0; r == OK && i < n; i++)
        r = fill_accounts(rq, &company[i], &c[i]);
    if (r != OK)
        return r;
    view.companies.v = c;
    view.companies.n = n;
    if (access_allowed(viewer_of(rq), CAP_BOARD_RUN, rq->place, &s->scope))
        view.write = here(rq, "/accounts/new");
    return respond_view(rq, property_accounts, &view);
}

enum { A_ACCOUNT, A_OPENING, A_CAME, A_SPENT, A_NOTES, A_PHOTOS, A_DOCUMENTS, A_PARAMS };
static const struct param account_params[A_PARAMS] = {
    [A_ACCOUNT] = {.name = "account",
                   .kind = PARAM_TEXT,
                   .required = true,
                   .max = 20,
                   .doc = "fund-20261: kind and period (year and the half or quarter of it)"},
    [A_OPENING] =
        {.name = "opening", .kind = PARAM_TEXT, .required = true, .max = 20, .doc = "Balance before, in yuan"},
    [A_CAME] = {.name = "came", .kind = PARAM_LINES, .max = 3000, .doc = "What came in: words and an amount a line"},
    [A_SPENT] = {.name = "spent", .kind = PARAM_LINES, .max = 3000, .doc = "What was spent, the same"},
    [A_NOTES] = {.name = "notes", .kind = PARAM_LINES, .max = 1000},
    [A_PHOTOS] = ENTRY_PARAM_PHOTOS,
    [A_DOCUMENTS] = ENTRY_PARAM_DOCUMENTS,
};

/* What the viewer's company has not published yet, the oldest last. */
static enum result form_account(struct request *rq)
{
    const struct entry_actor actor = entry_actor_of(rq);
    struct property_write_choices *c = arena_array(rq->arena, struct property_write_choices,
                                                   ACCOUNT_KINDS * ACCOUNT_PERIODS);
    struct property_write_view view = {.board = board_name(board_of(rq), rq->lang),
                                       .action = here(rq, "/accounts/new"),
                                       .back = here(rq, "/accounts")};
    struct sql_property_accounts_rows rows;
    size_t n = 0;
    enum result r = sql_property_accounts(rq->db, rq->place, actor.organisation, 0, &rows);

    for (int k = 0; r == OK && k < ACCOUNT_KINDS; k++) {
        int64_t period = account_period_over((enum account_kind)k, day_of(rq->now));

        for (int i = 0; i < ACCOUNT_PERIODS; i++, period = account_period_before((enum account_kind)k, period)) {
            struct str word = str_from_cstr(account_kind_word((enum account_kind)k));
            bool there = false;

            for (size_t j = 0; j < rows.n; j++)
                there |= rows.row[j].period == period && str_eq(rows.row[j].kind, word);
            if (!there)
                c[n++] = (struct property_write_choices){
                    str_printf(rq->arena, STR_FMT "-%" PRId64, STR_ARG(word), period),
                    str_printf(rq->arena, STR_FMT " · " STR_FMT,
                               STR_ARG(period_words(rq, rq->lang, (enum account_kind)k, period)),
                               STR_ARG(text(rq->lang, kind_names[k])))};
        }
    }
    view.choices.v = c;
    view.choices.n = n;
    if (r == OK)
        r = entry_files_form(rq, NULL, MEDIA_STAGE_REFERENCE, &view.attach);
    return r == OK ? respond_view(rq, property_write, &view) : r;
}

/* Which account, and its lines; every field that is wrong is named. */
static enum result take_account(struct request *rq, struct account_new *what, struct account_line *line)
{
    struct str period = param_text(rq, A_ACCOUNT), word;
    bool known = false, wrong = false;
    int at;

    str_cut(&period, '-', &word);
    for (int k = 0; k < ACCOUNT_KINDS; k++)
        if (str_eq(word, str_from_cstr(account_kind_word((enum account_kind)k)))) {
            what->kind = (enum account_kind)k;
            known = true;
        }
    if (!known || str_int64(period, 1, 99999, &what->period) != OK) {
        request_error(rq, "account", T_service_account_which_wrong);
        wrong = true;
    }
    if (account_amount_parse(param_text(rq, A_OPENING), &what->opening) != OK) {
        request_error(rq, "opening", T_service_account_amount_wrong);
        wrong = true;
    }
    what->line = line;
    for (int i = 0; i < 2; i++)
        if (account_lines_parse(param_text(rq, i ? A_SPENT : A_CAME), i, line, ACCOUNT_LINES_MAX, &what->n, &at) !=
            OK) {
            (void)request_invalid_words(
                rq, i ? "spent" : "came", T_service_account_line_wrong_plain,
                text_format(rq->arena, rq->lang, T_service_account_line_wrong, TEXT_INT("n", at)));
            wrong = true;
        }
    if (!wrong && what->n == 0) {
        request_error(rq, "came", T_service_account_no_line);
        wrong = true;
    }
    return wrong ? E_INVALID : OK;
}

static enum result publish_account(struct request *rq)
{
    struct str *names[DOCUMENTS_MAX];
    struct entry_actor actor = entry_actor_of(rq);
    struct account_line *line = arena_array(rq->arena, struct account_line, ACCOUNT_LINES_MAX + 1);
    struct account_new what = {.board = board_of(rq),
                               .community = rq->place,
                               .notes = param_text(rq, A_NOTES),
                               .photos = entry_files_photos(rq),
                               .names = names,
                               .n_names = entry_files_names(rq, names)};
    int64_t id;
    enum result r = take_account(rq, &what, line);

    if (r != OK)
        return r;
    what.title = str_printf(
        rq->arena, STR_FMT STR_FMT, STR_ARG(period_words(rq, LANG_ZH_CN, what.kind, what.period)),
        STR_ARG(text(LANG_ZH_CN, kind_names[what.kind]))); /* the name of a paper: in the language of the place */
    r = account_publish(rq->db, &actor, &what, &id);
    if (r == E_INVALID && rq->form.n_errors == 0)
        return request_invalid(rq, "account", T_service_account_which_wrong);
    if (r == E_CONFLICT)
        return request_invalid(rq, "account", T_service_account_there);
    if (r == OK)
        r = entry_files_attach(rq, id);
    return r == OK ? respond_created(rq, entry_url(rq->arena, board_of(rq), rq->place, id), id, T_service_account_sent)
                   : r;
}

enum result property_show(struct request *rq, const struct sql_property_account_get *account)
{
    const struct entry *e = entry_of(rq);
    struct url self = entry_url(rq->arena, board_of(rq), rq->place, e->id);
    struct property_account_lines *line;
    struct sql_property_lines_rows rows;
    struct organisation company;
    enum account_kind kind = ACCOUNT_FEES;
    int64_t late = day_of(account->published_at) - account->due_on;
    int32_t first, last;
    struct property_account_view view = {
        .id = e->id,
        .board = board_name(board_of(rq), rq->lang),
        .recalled = account->recalled,
        .hidden = e->hidden,
        .reason = e->hidden_reason,
        .published = account->published_at,
        .opening = yuan(rq, account->opening),
        .came = yuan(rq, account->came),
        .spent = yuan(rq, account->spent),
        .closing = yuan(rq, account->opening + account->came - account->spent),
        .notes = e->body,
        .list = here(rq, "/accounts"),
    };
    enum result r = organisation_get(rq->db, account->organisation, &company);

    for (int k = 0; k < ACCOUNT_KINDS; k++)
        if (str_eq(account->kind, str_from_cstr(account_kind_word((enum account_kind)k))))
            kind = (enum account_kind)k;
    if (r == OK)
        r = account_period_days(kind, account->period, &first, &last);
    if (r == OK)
        r = sql_property_lines(rq->db, rq->place, e->id, &rows);
    if (r == OK)
        r = entry_files_fill(rq, &view.files);
    if (r == OK)
        r = entry_talk_fill(rq, 0, 0, &view.talk);
    if (r != OK)
        return r;
    line = arena_array(rq->arena, struct property_account_lines, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        line[i] = (struct property_account_lines){rows.row[i].spent, rows.row[i].what, yuan(rq, rows.row[i].amount)};
    view.lines.v = line;
    view.lines.n = rows.n;
    view.company = company.name;
    view.kind = kind_names[kind];
    view.period = period_words(rq, rq->lang, kind, account->period);
    view.title = str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(view.period),
                            STR_ARG(text(rq->lang, kind_names[kind])));
    view.from = first;
    view.to = last;
    if (late > 0)
        view.late = text_format(rq->arena, rq->lang, T_service_account_late, TEXT_INT("n", late));
    if (view.talk.runs) {
        view.hide = url_below(rq->arena, self, "/hide");
        if (!account->recalled && viewer_post_in(viewer_of(rq), account->organisation))
            view.recall = url_below(rq->arena, self, "/recall");
    }
    return respond_view(rq, property_account, &view);
}

static const struct param recall_params[] = {
    {.name = "reason", .kind = PARAM_TEXT, .max = 200, .doc = "What is wrong with it"},
};
static enum result recall(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r;

    if (param_text(rq, 0).len == 0)
        return request_invalid(rq, "reason", T_service_why_not);
    r = account_recall(rq->db, &actor, board_of(rq), entry_of(rq), param_text(rq, 0));
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_service_over);
    return r == OK ? respond_see_other(rq, here(rq, "/accounts"), T_service_account_is_recalled) : r;
}

/* ---- the yearly rating ------------------------------------------------------------------------------------------------------- */

static enum result fill_years(struct request *rq, int64_t company, int year, struct property_rate_companies *to)
{
    struct sql_property_ratings_rows rows;
    struct property_rate_companies_years *y;
    size_t n = 0;
    enum result r = sql_property_ratings(rq->db, rq->place, company, year, &rows);

    if (r != OK)
        return r;
    y = arena_array(rq->arena, struct property_rate_companies_years, rows.n + 1);
    for (size_t i = 0, k; i < rows.n; i = k) {
        struct property_rate_companies_years_stars *star = arena_array(rq->arena,
                                                                       struct property_rate_companies_years_stars, 5);
        int64_t households = 0, sum = 0, count[6] = {0};

        for (k = i; k < rows.n && rows.row[k].year == rows.row[i].year; k++) {
            count[rows.row[k].stars] += rows.row[k].n;
            households += rows.row[k].n;
            sum += rows.row[k].n * rows.row[k].stars;
        }
        y[n].year = rows.row[i].year;
        y[n].households = households;
        if (households >= RATING_FEWEST) { /* of a handful of households neighbours would know who said what */
            for (int s = 0; s < 5; s++)
                star[s] = (struct property_rate_companies_years_stars){5 - s, count[5 - s],
                                                                       count[5 - s] * 100 / households};
            y[n].mean = (double)sum / (double)households;
            y[n].has_mean = true;
            y[n].stars.v = star;
            y[n].stars.n = 5;
        }
        n++;
    }
    to->years.v = y;
    to->years.n = n;
    return OK;
}

static enum result rating(struct request *rq)
{
    const struct viewer_residence *home = home_of(rq);
    struct organisation company[COMPANIES];
    struct property_rate_companies *c = arena_array(rq->arena, struct property_rate_companies, COMPANIES);
    int year;
    bool open = rating_open(rq->now, &year);
    struct property_rate_view view = {
        .place = rq->place,
        .board = board_name(board_of(rq), rq->lang),
        .year = year,
        .open = open,
        .opens = day_from_ymd(year, RATING_FIRST_MONTH, 1),
        .ends = day_from_ymd(year, 12, 31),
        .may = open && home,
        .action = here(rq, "/rating"),
        .back = here(rq, ""),
    };
    size_t n;
    enum result r = companies_of(rq, company, &n);

    for (size_t i = 0; r == OK && i < n; i++) {
        struct sql_property_rating_of mine;

        c[i] = (struct property_rate_companies){.id = company[i].id, .name = company[i].name};
        r = fill_years(rq, company[i].id, year, &c[i]);
        if (r == OK && home) {
            r = sql_property_rating_of(rq->db, rq->place, company[i].id, year, home->dwelling, &mine);
            c[i].has_mine = r == OK;
            c[i].mine = r == OK ? mine.stars : 0;
            r = r == E_NOT_FOUND ? OK : r;
        }
    }
    if (r != OK)
        return r;
    view.companies.v = c;
    view.companies.n = n;
    return respond_view(rq, property_rate, &view);
}

enum { S_COMPANY, S_STARS, S_PARAMS };
static const struct param rate_params[S_PARAMS] = {
    [S_COMPANY] = {.name = "company", .kind = PARAM_ID, .required = true, .doc = "Which company"},
    [S_STARS] =
        {.name = "stars", .kind = PARAM_INT, .min = 1, .max = 5, .doc = "How many stars, for the whole household"},
};

static enum result rate(struct request *rq)
{
    const struct board_subject *s = rq->subject;
    const struct viewer_residence *home = home_of(rq);
    struct entry_actor actor = entry_actor_of(rq);
    bool known = false;
    enum result r;

    for (size_t i = 0; i < s->scope.n_organisations; i++)
        known |= s->scope.organisation[i] == param_int(rq, S_COMPANY);
    if (!known)
        return E_NOT_FOUND;
    if (home == NULL)
        return request_refuse(rq, E_DENIED, T_service_rating_not_here);
    if (!param_given(rq, S_STARS))
        return request_invalid(rq, "stars", T_service_rating_which);
    r = rating_give(rq->db, &actor, rq->place, param_int(rq, S_COMPANY), home->dwelling, param_int(rq, S_STARS));
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_service_rating_over);
    return r == OK ? respond_see_other(rq, here(rq, "/rating"), T_service_rated) : r;
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define BOARD "/p/{place}/service/{board:word}"

static const struct route routes[] = {
    {HTTP_GET, BOARD "/repair", "service.repair.form", .handle = form_repair, .subject = &property_subject,
     .need = CAP_BOARD_TAKE_PART, .flags = ROUTE_PERSONAL, .view = &property_repair_info,
     .doc = "The form for a repair"},
    {HTTP_POST, BOARD "/repair", "service.repair", .handle = send_repair, .before = prepare_repair,
     .subject = &property_subject, .need = CAP_BOARD_TAKE_PART, PARAMS(repair_params),
     .flags = ROUTE_WRITE | ROUTE_UPLOAD, .rate = RATE_UPLOAD, .again = form_repair,
     .doc = "Asks the property company for a repair: a report that is handed to it at once"},
    {HTTP_GET, BOARD "/accounts", "service.accounts", .handle = list_accounts, .subject = &property_subject,
     .need = CAP_BOARD_READ, .view = &property_accounts_info,
     .doc = "What the companies had to publish, and when they did"},
    {HTTP_GET, BOARD "/accounts/new", "service.account.new", .handle = form_account, .subject = &property_subject,
     .need = CAP_BOARD_RUN, .flags = ROUTE_PERSONAL, .view = &property_write_info, .doc = "The form for an account"},
    {HTTP_POST, BOARD "/accounts/new", "service.account.create", .handle = publish_account,
     .before = entry_files_prepare, .subject = &property_subject, .need = CAP_BOARD_RUN, PARAMS(account_params),
     .flags = ROUTE_WRITE | ROUTE_UPLOAD, .rate = RATE_UPLOAD, .again = form_account, .doc = "Publishes an account"},
    {HTTP_POST, BOARD "/{id}/recall", "service.account.recall", .handle = recall, .subject = &entry_subject,
     .need = CAP_BOARD_RUN, PARAMS(recall_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = provider_show,
     .doc = "Takes a wrong account back, with a reason"},
    {HTTP_GET, BOARD "/rating", "service.rating", .handle = rating, .subject = &property_subject,
     .need = CAP_BOARD_READ, .view = &property_rate_info,
     .doc = "The yearly rating: one's own, and the years that are over"},
    {HTTP_POST, BOARD "/rating", "service.rate", .handle = rate, .subject = &property_subject,
     .need = CAP_BOARD_TAKE_PART, PARAMS(rate_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = rating,
     .doc = "Rates for the household; another one before the end of the year replaces it"},
};
const struct module property_module = {
    .name = "property", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
