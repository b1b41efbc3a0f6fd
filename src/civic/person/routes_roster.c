/* routes_roster.c: the committee's roster at the desk: the list, the file that comes in, the file that goes out. */
#include "civic/person/desk.h"
#include "civic/person/views/desk_roster.html.h"
#include "civic/person/views/desk_roster_result.html.h"
#include "engine/base/csv.h"

enum { PAGE = 100, ROWS_MAX = 5000, FILE_MAX = 2 << 20, EXPORT_PAGE = 1000, FAULTS_SHOWN = 200 };

static struct str name_context(struct arena *a, int64_t id)
{
    return str_printf(a, "roster.name:%lld", (long long)id);
}

/* ---- the list ------------------------------------------------------------------------------------------------- */

enum { LIST_AFTER, LIST_PARAMS };
static const struct param list_params[LIST_PARAMS] = {
    [LIST_AFTER] = {"after", PARAM_ID, .doc = "The last one of the page before"},
};

static enum result roster_show(struct request *rq)
{
    const struct desk_subject *here = rq->subject;
    struct desk_roster_view view = {0};
    struct desk_roster_rows *to;
    struct sql_roster_count count;
    struct sql_roster_page_rows rows;
    enum result r = sql_roster_count(rq->db, here->scope.place, &count);

    if (r == OK)
        r = sql_roster_page(rq->db, here->scope.place, param_given(rq, LIST_AFTER) ? param_int(rq, LIST_AFTER) : 0,
                            PAGE + 1, &rows);
    if (r != OK)
        return r;
    if (rows.n > PAGE) {
        rows.n = PAGE;
        view.more = url_path(rq->arena, "/desk/roster?after=%" PRId64, rows.row[PAGE - 1].id);
    }
    to = arena_array(rq->arena, struct desk_roster_rows, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        struct str name;

        if ((r = crypto_unseal(services_of(rq)->keys, rq->arena, rows.row[i].name_sealed,
                               name_context(rq->arena, rows.row[i].id), &name)) != OK)
            return r;
        to[i] = (struct desk_roster_rows){
            .name = person_name_mask(rq->arena, name),
            .home = str_printf(rq->arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(rows.row[i].estate_name),
                               STR_ARG(rows.row[i].building_name), STR_ARG(rows.row[i].room)),
            .relation = relation_text(rows.row[i].relation),
            .imported_at = rows.row[i].imported_at,
        };
    }
    view.total = count.total;
    view.rows.v = to;
    view.rows.n = rows.n;
    return respond_view(rq, desk_roster, &view);
}

/* ---- in -------------------------------------------------------------------------------------------------------------- */

static const struct param import_params[] = {
    {"file", PARAM_FILE, .required = true, .max = 1, .max_bytes = FILE_MAX, .doc = "CSV in UTF-8 or GBK"},
};

static size_t lines_of(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += s.ptr[i] == '\n';
    return n;
}

/* The page with the result is the answer itself: what is wrong in which row is for whoever sent the file, and kept nowhere. */
static enum result roster_take(struct request *rq)
{
    const struct desk_subject *here = rq->subject;
    struct desk_roster_result_view view = {0};
    struct desk_roster_result_faults *to;
    const struct form_field *file;
    struct roster_result result;
    size_t shown;
    enum result r;

    if (param_files(rq, 0, &file) != 1)
        return request_invalid(rq, "file", T_app_field_required);
    if (lines_of(file->value) > ROWS_MAX + 1)
        return request_invalid(rq, "file", T_person_roster_too_long);
    r = roster_import(rq->db, services_of(rq)->keys, here->scope.place, file->value, rq->person,
                      here->post->organisation, rq->now, &result);
    if (r == E_INVALID)
        return request_invalid(rq, "file", T_person_roster_bad_file);
    if (r != OK)
        return r;
    shown = result.n_faults < FAULTS_SHOWN ? result.n_faults : FAULTS_SHOWN;
    to = arena_array(rq->arena, struct desk_roster_result_faults, shown + 1);
    for (size_t i = 0; i < shown; i++)
        to[i] = (struct desk_roster_result_faults){result.fault[i].line, result.fault[i].why};
    view.added = result.added;
    view.updated = result.updated;
    view.verified = result.verified;
    view.wrong = (int64_t)result.n_faults;
    view.left_out = (int64_t)(result.n_faults - shown);
    view.faults.v = to;
    view.faults.n = shown;
    return respond_view(rq, desk_roster_result, &view);
}

/* ---- out --------------------------------------------------------------------------------------------------------------- */

static enum result give_csv(struct request *rq, const char *name, struct buf *b)
{
    respond_header(rq, STR("Content-Disposition"), str_printf(rq->arena, "attachment; filename=\"%s.csv\"", name));
    return respond_bytes(rq, 200, STR("text/csv; charset=utf-8"), buf_str(b));
}

static void put_heads(struct buf *b, bool chinese)
{
    static const char *const heads[2][7] = {
        {"estate", "building", "room", "name", "document", "phone", "relation"},
        {"小区", "楼栋", "室号", "姓名", "证件号", "手机号", "关系"},
    };

    for (size_t i = 0; i < 7; i++)
        csv_put(b, str_from_cstr(heads[chinese][i]), i == 0);
    csv_end_row(b);
}

static enum result template_give(struct request *rq)
{
    struct buf b;

    buf_init(&b, rq->arena, 512, 4096);
    csv_begin(&b);
    put_heads(&b, rq->lang == LANG_ZH_CN);
    return give_csv(rq, "roster-template", &b);
}

/* Names leave the house: a POST, because it is written to the ledger. Documents and phones are not on the list any more: only their
 * hashes are kept. */
static enum result roster_export(struct request *rq)
{
    const struct desk_subject *here = rq->subject;
    struct ledger_event e = {
        .community = here->scope.place,
        .at = rq->now,
        .actor = rq->person,
        .organisation = here->post->organisation,
        .verb = STR("roster_exported"),
        .subject_kind = STR("community"),
        .subject = here->scope.place,
    };
    struct sql_roster_page_rows rows;
    struct buf b;
    int64_t after = 0, n = 0;
    enum result r;

    buf_init(&b, rq->arena, 64 * 1024, 4 << 20);
    csv_begin(&b);
    put_heads(&b, rq->lang == LANG_ZH_CN);
    do {
        if ((r = sql_roster_page(rq->db, here->scope.place, after, EXPORT_PAGE, &rows)) != OK)
            return r;
        for (size_t i = 0; i < rows.n; i++) {
            struct str name;

            if ((r = crypto_unseal(services_of(rq)->keys, rq->arena, rows.row[i].name_sealed,
                                   name_context(rq->arena, rows.row[i].id), &name)) != OK)
                return r;
            csv_put(&b, rows.row[i].estate_name, true);
            csv_put(&b, rows.row[i].building_name, false);
            csv_put(&b, rows.row[i].room, false);
            csv_put(&b, name, false);
            csv_put(&b, STR_NONE, false);
            csv_put(&b, STR_NONE, false);
            csv_put(&b, text(rq->lang, relation_text(rows.row[i].relation)), false);
            csv_end_row(&b);
            after = rows.row[i].id;
            n++;
        }
    } while (rows.n == EXPORT_PAGE);
    e.detail = str_printf(rq->arena, "{\"rows\":%" PRId64 "}", n);
    r = ledger_append(rq->db, &e);
    return r == OK ? give_csv(rq, "roster", &b) : r;
}

/* ---- the table ------------------------------------------------------------------------------------------------------- */

#define HERE .subject = &desk_here, .need = CAP_ROSTER

static const struct route routes[] = {
    {HTTP_GET, "/desk/roster", "roster.list", roster_show, HERE, .params = list_params, .n_params = LIST_PARAMS,
     .flags = ROUTE_PERSONAL, .view = &desk_roster_info, .doc = "The committee's roster, names masked"},
    {HTTP_POST, "/desk/roster", "roster.import", roster_take, HERE, .params = import_params,
     .n_params = PERSON_COUNT(import_params), .flags = ROUTE_WRITE | ROUTE_UPLOAD | ROUTE_NO_KEY | ROUTE_PERSONAL,
     .rate = RATE_UPLOAD, .max_body = FILE_MAX + 4096, .again = roster_show, .view = &desk_roster_result_info,
     .doc = "Takes in a CSV file; answers with the wrong rows"},
    {HTTP_GET, "/desk/roster/template", "roster.template", template_give, HERE,
     .doc = "An empty CSV file with the heads"},
    {HTTP_POST, "/desk/roster/export", "roster.export", roster_export, HERE,
     .flags = ROUTE_WRITE | ROUTE_NO_KEY | ROUTE_PERSONAL, .rate = RATE_EXPORT,
     .doc = "The roster as CSV; written to the ledger"},
};

const struct module roster_module = {
    .name = "roster",
    .routes = routes,
    .n_routes = PERSON_COUNT(routes),
};
