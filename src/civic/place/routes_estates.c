/* routes_estates.c: /desk/places: estates, buildings and dwellings of a community, by hand and from files. */
#include "civic/frame/frame.h"
#include "civic/person/person.h"
#include "civic/place/place.sql.h"
#include "civic/place/place_import.h"
#include "civic/place/routes.h"
#include "civic/place/views/desk_estate.html.h"
#include "civic/place/views/desk_import.html.h"
#include "civic/place/views/desk_place.html.h"
#include "civic/place/views/desk_places.html.h"
#include "engine/base/csv.h"

static struct url desk_url(struct request *rq, int64_t community)
{
    return url_path(rq->arena, "/desk/places/%" PRId64, community);
}

static struct url estate_url(struct request *rq, int64_t estate, const char *tail)
{
    return url_path(rq->arena, "/desk/places/%" PRId64 "/estate/%" PRId64 "%s", rq->place, estate, tail);
}

/* ---- the subject: an estate of a community --------------------------------------------------------------------- */

struct estate_subject {
    struct place_subject place;
    struct estate estate;
};

static enum result load_estate(struct request *rq)
{
    struct estate_subject *s = arena_new(rq->arena, struct estate_subject);
    enum result r = place_get(rq->db, rq->path_id[0], &s->place.place);

    if (r == OK)
        r = estate_get(rq->db, rq->path_id[0], rq->path_id[1], &s->estate);
    if (r != OK)
        return r;
    if (s->estate.valid_to) /* it went to another community with its id */
        return E_NOT_FOUND;
    s->place.scope.place = s->place.place.code;
    rq->place = s->place.place.code;
    rq->subject = s;
    return OK;
}

static const struct subject_kind estate_subject = {"estate_of_place", load_estate};

static const struct estate *estate_here(const struct request *rq)
{
    return &((const struct estate_subject *)rq->subject)->estate;
}

/* ---- the list of a community ---------------------------------------------------------------------------------------- */

static enum result show_community(struct request *rq)
{
    const struct place *place = place_of(rq);
    struct desk_place_view view = {.place = place->code,
                                   .name = place_short_name(place->name),
                                   .add = url_path(rq->arena, "/desk/places/%" PRId64 "/estates", place->code),
                                   .import = url_path(rq->arena, "/desk/places/%" PRId64 "/import", place->code)};
    struct sql_building_counts_rows counts;
    struct desk_place_rows *row;
    struct estates estates;
    enum result r;

    if (place->level != PLACE_COMMUNITY)
        return E_NOT_FOUND;
    if ((r = estate_list(rq->db, place->code, &estates)) != OK ||
        (r = sql_building_counts(rq->db, place->code, &counts)) != OK ||
        (r = dwelling_count(rq->db, place->code, &view.households)) != OK)
        return r;
    row = arena_array(rq->arena, struct desk_place_rows, estates.n ? estates.n : 1);
    for (size_t i = 0; i < estates.n; i++) {
        const struct estate *e = &estates.estate[i];

        row[i] = (struct desk_place_rows){
            .estate = e->id,
            .name = e->name,
            .address = e->address,
            .code = e->qr_code,
            .url = estate_url(rq, e->id, ""),
            .poster = place_code_url(rq, e->qr_code, "/poster.pdf"),
            .page = place_code_url(rq, e->qr_code, ""),
            .renew = estate_url(rq, e->id, "/code"),
        };
        for (size_t k = 0; k < counts.n; k++)
            if (counts.row[k].estate == e->id)
                row[i].buildings = counts.row[k].n;
    }
    view.rows.v = row;
    view.rows.n = estates.n;
    return respond_view(rq, desk_place, &view);
}

/* GET /desk/places: of a committee its community, of an office the communities below it. */
static enum result show_mine(struct request *rq)
{
    const struct place *place = place_of(rq);
    struct desk_places_view view = {.name = place_short_name(place->name)};
    struct desk_places_rows *row;
    struct places children;
    enum result r;

    if (place->level == PLACE_COMMUNITY)
        return respond_see_other(rq, desk_url(rq, place->code), rq->flash);
    r = place_children(rq->db, place->code, false, &children);
    if (r != OK)
        return r;
    row = arena_array(rq->arena, struct desk_places_rows, children.n ? children.n : 1);
    for (size_t i = 0; i < children.n; i++)
        row[i] = (struct desk_places_rows){
            children.place[i].code, children.place[i].name,
            children.place[i].level == PLACE_COMMUNITY
                ? desk_url(rq, children.place[i].code)
                : url_path(rq->arena, "/desk/places/%" PRId64 "/below", children.place[i].code)};
    view.rows.v = row;
    view.rows.n = children.n;
    return respond_view(rq, desk_places, &view);
}

enum { ESTATE_NAME, ESTATE_ADDRESS, ESTATE_PARAMS };
static const struct param estate_params[ESTATE_PARAMS] = {
    [ESTATE_NAME] =
        {.name = "estate_name", .kind = PARAM_TEXT, .required = true, .max = 60, .doc = "Name of the estate"},
    [ESTATE_ADDRESS] = {.name = "address", .kind = PARAM_TEXT, .max = 200, .doc = "Lane and road"},
};

static enum result add_estate(struct request *rq)
{
    struct estate e = {
        .community = rq->place, .name = param_text(rq, ESTATE_NAME), .address = param_text(rq, ESTATE_ADDRESS)};
    enum result r = estate_create(rq->db, &e, rq->now, rq->person);

    if (r == E_CONFLICT)
        return request_invalid(rq, "estate_name", T_place_desk_estate_there);
    if (r == E_INVALID)
        return request_invalid(rq, "estate_name", T_place_desk_estate_not_here);
    return r == OK ? respond_created(rq, estate_url(rq, e.id, ""), e.id, T_place_desk_estate_added) : r;
}

/* ---- one estate -------------------------------------------------------------------------------------------------------- */

static enum result show_estate(struct request *rq)
{
    const struct estate *e = estate_here(rq);
    struct desk_estate_view view = {
        .place = rq->place,
        .estate = e->id,
        .name = e->name,
        .address = e->address,
        .code = e->qr_code,
        .back = desk_url(rq, rq->place),
        .poster = place_code_url(rq, e->qr_code, "/poster.pdf"),
        .qr = place_code_url(rq, e->qr_code, "/code.svg"),
        .page = place_code_url(rq, e->qr_code, ""),
        .renew = estate_url(rq, e->id, "/code"),
        .add_building = estate_url(rq, e->id, "/buildings"),
        .add_dwelling = estate_url(rq, e->id, "/dwellings"),
    };
    int64_t chosen = 0;
    struct sql_dwelling_counts_rows counts;
    struct desk_estate_buildings *b;
    struct buildings buildings;
    enum result r = building_list(rq->db, rq->place, e->id, &buildings);

    if (r == OK)
        r = sql_dwelling_counts(rq->db, rq->place, e->id, &counts);
    if (r != OK)
        return r;
    /* The form's own parameter when it is shown again, the address's otherwise: both say which building. */
    for (size_t i = 0; i < rq->form.n_values; i++)
        if (str_eq(rq->form.value[i].name, STR("building")) &&
            str_int64(rq->form.value[i].value, 1, INT64_MAX, &chosen) != OK)
            chosen = 0;
    if (rq->route->handle == show_estate && param_given(rq, 0))
        chosen = param_int(rq, 0);
    b = arena_array(rq->arena, struct desk_estate_buildings, buildings.n ? buildings.n : 1);
    for (size_t i = 0; i < buildings.n; i++) {
        const struct building *at = &buildings.building[i];

        b[i] = (struct desk_estate_buildings){
            .building = at->id,
            .name = at->name,
            .url = url_path(rq->arena, "/desk/places/%" PRId64 "/estate/%" PRId64 "?building=%" PRId64, rq->place,
                            e->id, at->id),
            .chosen = at->id == chosen};
        for (size_t k = 0; k < counts.n; k++)
            if (counts.row[k].building == at->id)
                b[i].dwellings = counts.row[k].n;
        if (b[i].chosen)
            view.building = at->name;
    }
    view.buildings.v = b;
    view.buildings.n = buildings.n;
    if (view.building.len) {
        struct desk_estate_dwellings *d;
        struct dwellings dwellings;

        r = dwelling_list(rq->db, rq->place, chosen, &dwellings);
        if (r != OK)
            return r;
        d = arena_array(rq->arena, struct desk_estate_dwellings, dwellings.n ? dwellings.n : 1);
        for (size_t i = 0; i < dwellings.n; i++)
            d[i] = (struct desk_estate_dwellings){.dwelling = dwellings.dwelling[i].id,
                                                  .staircase = dwellings.dwelling[i].staircase,
                                                  .room = dwellings.dwelling[i].room,
                                                  .area = dwellings.dwelling[i].exclusive_area,
                                                  .has_area = dwellings.dwelling[i].exclusive_area > 0};
        view.dwellings.v = d;
        view.dwellings.n = dwellings.n;
    }
    return respond_view(rq, desk_estate, &view);
}

static const struct param show_params[] = {
    {.name = "building", .kind = PARAM_ID, .doc = "The building whose dwellings are shown"},
};

static enum result renew_code(struct request *rq)
{
    struct str code;
    enum result r = estate_renew_code(rq->db, rq->place, estate_here(rq)->id, rq->now, rq->person, &code);

    return r == OK ? respond_see_other(rq, estate_url(rq, estate_here(rq)->id, ""), T_place_desk_renewed) : r;
}

static const struct param building_params[] = {
    {.name = "building_name", .kind = PARAM_TEXT, .required = true, .max = 30, .doc = "Name of the building: 3号楼"},
};

static enum result add_building(struct request *rq)
{
    struct building b = {.community = rq->place, .estate = estate_here(rq)->id, .name = param_text(rq, 0)};
    enum result r = building_create(rq->db, &b);

    if (r == E_CONFLICT)
        return request_invalid(rq, "building_name", T_place_desk_building_there);
    if (r == E_INVALID)
        return request_invalid(rq, "building_name", T_app_field_required);
    return r == OK
             ? respond_created(rq,
                               url_path(rq->arena, "/desk/places/%" PRId64 "/estate/%" PRId64 "?building=%" PRId64,
                                        rq->place, b.estate, b.id),
                               b.id, T_place_desk_building_added)
             : r;
}

enum { DWELLING_BUILDING, DWELLING_ROOM, DWELLING_STAIRCASE, DWELLING_AREA, DWELLING_PARAMS };
static const struct param dwelling_params[DWELLING_PARAMS] = {
    [DWELLING_BUILDING] = {.name = "building", .kind = PARAM_ID, .required = true, .doc = "The building"},
    [DWELLING_ROOM] = {.name = "room", .kind = PARAM_TEXT, .required = true, .max = 30, .doc = "502室"},
    [DWELLING_STAIRCASE] = {.name = "staircase", .kind = PARAM_TEXT, .max = 30, .doc = "1单元"},
    [DWELLING_AREA] =
        {.name = "area", .kind = PARAM_REAL, .min = 0, .max = 100000, .doc = "Exclusive area in square metres"},
};

static enum result add_dwelling(struct request *rq)
{
    struct dwelling d = {
        .community = rq->place,
        .estate = estate_here(rq)->id,
        .building = param_int(rq, DWELLING_BUILDING),
        .staircase = param_text(rq, DWELLING_STAIRCASE),
        .room = param_text(rq, DWELLING_ROOM),
        .exclusive_area = param_given(rq, DWELLING_AREA) ? param_real(rq, DWELLING_AREA) : 0,
    };
    struct building b;
    enum result r = building_get(rq->db, rq->place, d.building, &b);

    if (r == E_NOT_FOUND || (r == OK && b.estate != d.estate))
        return request_invalid(rq, "building", T_app_field_choice);
    if (r == OK)
        r = dwelling_create(rq->db, &d);
    if (r == E_CONFLICT)
        return request_invalid(rq, "room", T_place_desk_room_there);
    if (r == E_INVALID)
        return request_invalid(rq, "room", T_app_field_required);
    return r == OK
             ? respond_created(rq,
                               url_path(rq->arena, "/desk/places/%" PRId64 "/estate/%" PRId64 "?building=%" PRId64,
                                        rq->place, d.estate, d.building),
                               d.id, T_place_desk_dwelling_added)
             : r;
}

/* ---- files ---------------------------------------------------------------------------------------------------------------- */

enum { FILE_MAX = 8 << 20 };
enum { IMPORT_KIND, IMPORT_FILE, IMPORT_PARAMS };
static const struct param import_params[IMPORT_PARAMS] = {
    [IMPORT_KIND] = {.name = "kind",
                     .kind = PARAM_CHOICE,
                     .required = true,
                     .choices = "dwellings,estates",
                     .doc = "What is in the file"},
    [IMPORT_FILE] = {.name = "file",
                     .kind = PARAM_FILE,
                     .required = true,
                     .max = 1,
                     .max_bytes = FILE_MAX,
                     .doc = "CSV, UTF-8 or GBK"},
};

/* The import says in English what is wrong with a line; these are the same for people. */
static const struct {
    const char *why;
    enum text text;
} faults[] = {
    {"the file is neither UTF-8 nor GBK text", T_place_import_not_text},
    {"a column is there twice", T_place_import_column_twice},
    {"the first line must name the columns", T_place_import_no_head},
    {"a column is missing", T_place_import_no_column},
    {"a million rows", T_place_import_too_many_rows},
    {"too few fields", T_place_import_few_fields},
    {"too many fields", T_place_import_many_fields},
    {"quotes are wrong", T_place_import_quotes},
    {"which community", T_place_import_which},
    {"another community", T_place_import_other},
    {"no such community", T_place_import_no_community},
    {"name of an estate", T_place_import_estate_name},
    {"an address", T_place_import_address},
    {"name of a building", T_place_import_building_name},
    {"a staircase", T_place_import_staircase},
    {"an area", T_place_import_area},
    {"a room has", T_place_import_room},
    {"twice", T_place_import_twice},
};

static struct str fault_words(struct request *rq, const char *why)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (strstr(why, faults[i].why))
            return text(rq->lang, faults[i].text);
    return text(rq->lang, T_place_import_wrong);
}

static enum result import_file(struct request *rq)
{
    const struct form_field *file;
    struct import_report report = {0};
    struct desk_import_view view = {.place = rq->place, .back = desk_url(rq, rq->place)};
    struct desk_import_faults *fault;
    enum result r;

    if (param_files(rq, IMPORT_FILE, &file) != 1)
        return request_invalid(rq, "file", T_app_field_file);
    if (param_int(rq, IMPORT_KIND) == 0)
        r = place_import_dwellings(rq->db, rq->place, file->value, rq->now, rq->person, &report);
    else
        r = place_import_estates(rq->db, rq->place, file->value, rq->now, rq->person, &report);
    if (r != OK && r != E_INVALID)
        return r;
    fault = arena_array(rq->arena, struct desk_import_faults, report.n_faults ? report.n_faults : 1);
    for (size_t i = 0; i < report.n_faults; i++)
        fault[i] = (struct desk_import_faults){(int64_t)report.fault[i].line, fault_words(rq, report.fault[i].why),
                                               report.fault[i].what};
    view.done = r == OK;
    view.rows = (int64_t)report.rows;
    view.added = (int64_t)report.added;
    view.changed = (int64_t)report.changed;
    view.same = (int64_t)report.same;
    view.faults.v = fault;
    view.faults.n = report.n_faults;
    view.more = report.n_faults >= 100;
    if (r == E_INVALID) /* the file changed nothing, and this answer is all there is to keep */
        respond_status(rq, 422);
    return respond_view(rq, desk_import, &view);
}

static enum result template_csv(struct request *rq, bool dwellings)
{
    static const char *const dwelling_heads[] = {"小区", "楼栋", "楼组", "室号", "面积"};
    static const char *const estate_heads[] = {"小区", "地址"};
    const char *const *head = dwellings ? dwelling_heads : estate_heads;
    size_t n = dwellings ? sizeof dwelling_heads / sizeof *dwelling_heads : sizeof estate_heads / sizeof *estate_heads;
    struct buf b;

    buf_init(&b, rq->arena, 512, 4096);
    csv_begin(&b);
    for (size_t i = 0; i < n; i++)
        csv_put(&b, str_from_cstr(head[i]), i == 0);
    csv_end_row(&b);
    respond_header(rq, STR("Content-Disposition"),
                   dwellings ? STR("attachment; filename=\"dwellings.csv\"")
                             : STR("attachment; filename=\"estates.csv\""));
    return respond_bytes(rq, 200, STR("text/csv; charset=utf-8"), buf_str(&b));
}

static enum result template_dwellings(struct request *rq)
{
    return template_csv(rq, true);
}

static enum result template_estates(struct request *rq)
{
    return template_csv(rq, false);
}

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define EDIT(kind) .subject = &(kind), .need = CAP_PLACE_EDIT

const struct route place_estate_routes[PLACE_ESTATE_ROUTES] = {
    {HTTP_GET, "/desk/places", "place.desk", .handle = show_mine, EDIT(place_of_post), .view = &desk_places_info,
     .doc = "The communities whose estates the post may edit; a committee is sent to its own"},
    {HTTP_GET, "/desk/places/dwellings.csv", "place.template_dwellings", .handle = template_dwellings,
     EDIT(place_of_post), .doc = "An empty table of dwellings to fill in"},
    {HTTP_GET, "/desk/places/estates.csv", "place.template_estates", .handle = template_estates, EDIT(place_of_post),
     .doc = "An empty table of estates to fill in"},
    {HTTP_GET, "/desk/places/{place}", "place.desk_community", .handle = show_community, EDIT(place_subject),
     .view = &desk_place_info, .doc = "Estates of a community"},
    {HTTP_GET, "/desk/places/{place}/below", "place.desk_below", .handle = show_mine, EDIT(place_subject),
     .view = &desk_places_info, .doc = "The places below one of the upper levels"},
    {HTTP_POST, "/desk/places/{place}/estates", "place.add_estate", .handle = add_estate, EDIT(place_subject),
     PARAMS(estate_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = show_community,
     .doc = "Adds an estate, with its code"},
    {HTTP_POST, "/desk/places/{place}/import", "place.import", .handle = import_file, EDIT(place_subject),
     PARAMS(import_params), .flags = ROUTE_WRITE | ROUTE_UPLOAD, .rate = RATE_UPLOAD, .max_body = FILE_MAX + (64 << 10),
     .again = show_community, .view = &desk_import_info,
     .doc = "Estates or dwellings from CSV; a file with wrong lines changes nothing and names them"},
    {HTTP_GET, "/desk/places/{place}/estate/{estate}", "place.desk_estate", .handle = show_estate, EDIT(estate_subject),
     PARAMS(show_params), .view = &desk_estate_info, .doc = "One estate with its buildings and dwellings"},
    {HTTP_POST, "/desk/places/{place}/estate/{estate}/code", "place.renew_code", .handle = renew_code,
     EDIT(estate_subject), .flags = ROUTE_WRITE, .rate = RATE_WRITE,
     .doc = "A new code for the estate; the old one is void at once"},
    {HTTP_POST, "/desk/places/{place}/estate/{estate}/buildings", "place.add_building", .handle = add_building,
     EDIT(estate_subject), PARAMS(building_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = show_estate,
     .doc = "Adds a building"},
    {HTTP_POST, "/desk/places/{place}/estate/{estate}/dwellings", "place.add_dwelling", .handle = add_dwelling,
     EDIT(estate_subject), PARAMS(dwelling_params), .flags = ROUTE_WRITE, .rate = RATE_WRITE, .again = show_estate,
     .doc = "Adds a dwelling"},
};
