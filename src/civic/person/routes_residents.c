/* routes_residents.c: the desk's work with residents: who waits, one of them, somebody without a phone, who lives where, what they
 * want corrected, and which post one works as. */
#include "civic/frame/frame.h"
#include "civic/person/desk.h"
#include "civic/person/person.sql.h"
#include "civic/person/person_find.h"
#include "civic/person/views/desk_corrections.html.h"
#include "civic/person/views/desk_people.html.h"
#include "civic/person/views/desk_posts.html.h"
#include "civic/person/views/desk_resident.html.h"
#include "civic/person/views/desk_resident_new.html.h"
#include "civic/person/views/desk_residents.html.h"
#include "engine/base/ids.h"

enum { PAGE = 50, DECIDED_DAYS = 7 };

/* ---- where the desk is ------------------------------------------------------------------------------------------- */

/* The place of the post that the viewer works as; 0 without one, which no right reaches. */
static enum result load_here(struct request *rq)
{
    struct desk_subject *s = arena_new(rq->arena, struct desk_subject);
    const struct viewer_post *post = desk_post(rq);

    if (post && place_level_of(post->place) == PLACE_COMMUNITY) {
        s->post = post;
        s->scope.place = post->place;
    }
    rq->subject = s;
    rq->place = s->scope.place;
    return OK;
}

static enum result load_residence(struct request *rq)
{
    struct desk_subject *s;
    enum result r = load_here(rq);

    s = rq->subject;
    if (r != OK || s->scope.place == 0)
        return r;
    return sql_residence_get(rq->db, s->scope.place, rq->path_id[0], &s->residence);
}

const struct subject_kind desk_here = {"desk", load_here};
static const struct subject_kind desk_residence = {"residence", load_residence};

static struct str home_words(struct arena *a, struct str estate, struct str building, struct str room)
{
    return str_printf(a, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(estate), STR_ARG(building), STR_ARG(room));
}

/* ---- what the roster says ------------------------------------------------------------------------------------------ */

static enum result roster_hint(struct request *rq, int64_t community, int64_t dwelling,
                               const struct person_identity *who, enum text *ret_hint)
{
    const struct crypto_keys *keys = services_of(rq)->keys;
    struct hash name = crypto_blind(keys, STR("name"), who->name);
    struct hash document = crypto_blind(keys, STR("document"), who->document);
    struct hash phone = crypto_blind(keys, STR("phone"), who->phone);
    struct sql_roster_of_dwelling_rows rows;
    enum result r = sql_roster_of_dwelling(rq->db, community, dwelling, &rows);

    if (r != OK)
        return r;
    *ret_hint = rows.n ? T_person_hint_none : T_person_hint_none_room;
    for (size_t i = 0; i < rows.n; i++) {
        if (who->document.len && str_eq(rows.row[i].document_hash, hash_str(&document)))
            *ret_hint = T_person_hint_document;
        else if (str_eq(rows.row[i].name_hash, hash_str(&name)))
            *ret_hint = T_person_hint_name;
        else if (who->phone.len && str_eq(rows.row[i].phone_hash, hash_str(&phone)))
            *ret_hint = T_person_hint_phone;
        else
            continue;
        return OK;
    }
    return OK;
}

static enum result others_words(struct request *rq, int64_t community, int64_t dwelling, int64_t person,
                                struct str *ret)
{
    struct sql_residence_members_rows rows;
    struct buf b;
    enum result r = sql_residence_members(rq->db, community, dwelling, &rows);

    if (r != OK)
        return r;
    buf_init(&b, rq->arena, 64, 8192);
    for (size_t i = 0; i < rows.n; i++) {
        if (rows.row[i].person == person)
            continue;
        buf_put(&b, b.len ? STR(" · ") : STR(""));
        buf_put(&b, rows.row[i].shown_name);
    }
    *ret = buf_str(&b);
    return OK;
}

/* ---- who waits ------------------------------------------------------------------------------------------------------ */

enum { LIST_LIST, LIST_AFTER, LIST_PARAMS };
static const struct param list_params[LIST_PARAMS] = {
    [LIST_LIST] = {"list", PARAM_CHOICE, .choices = "waiting,verified,refused",
                   .doc = "Who waits, or who was decided in the last week"},
    [LIST_AFTER] = {"after", PARAM_ID, .doc = "The last one of the page before"},
};

static enum result fill_waiting(struct request *rq, const struct desk_subject *here, struct desk_residents_view *view)
{
    struct sql_residence_queue_rows rows;
    struct desk_residents_waiting *to;
    int64_t after = param_given(rq, LIST_AFTER) ? param_int(rq, LIST_AFTER) : 0;
    enum result r = sql_residence_queue(rq->db, here->scope.place, STR("waiting"), after, PAGE + 1, &rows);

    if (r != OK)
        return r;
    if (rows.n > PAGE) {
        rows.n = PAGE;
        view->more = url_path(rq->arena, "/desk/residents?after=%" PRId64, rows.row[PAGE - 1].id);
    }
    to = arena_array(rq->arena, struct desk_residents_waiting, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_residence_queue *row = &rows.row[i];
        struct person_identity who;

        to[i] = (struct desk_residents_waiting){
            .id = row->id,
            .url = url_path(rq->arena, "/desk/residents/%" PRId64, row->id),
            .verify = url_path(rq->arena, "/desk/residents/%" PRId64 "/verify", row->id),
            .home = home_words(rq->arena, row->estate_name, row->building_name, row->room),
            .relation = relation_text(row->relation),
            .kind = document_kind_text(row->document_kind),
            .asked_at = row->asked_at,
        };
        if ((r = person_open_identity(rq->db, services_of(rq)->keys, row->person, &who)) != OK ||
            (r = roster_hint(rq, here->scope.place, row->dwelling, &who, &to[i].hint)) != OK ||
            (r = others_words(rq, here->scope.place, row->dwelling, row->person, &to[i].others)) != OK)
            return r;
        to[i].name = who.name;
        to[i].number = document_mask(rq->arena, who.document);
        to[i].phone = mobile_mask(rq->arena, who.phone);
    }
    view->waiting.v = to;
    view->waiting.n = rows.n;
    return OK;
}

static enum result fill_decided(struct request *rq, const struct desk_subject *here, const char *state,
                                struct desk_residents_view *view)
{
    struct sql_residence_decided_rows rows;
    struct desk_residents_decided *to;
    enum result r = sql_residence_decided(rq->db, here->scope.place, str_from_cstr(state),
                                          rq->now - DECIDED_DAYS * TIME_DAY, 200, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct desk_residents_decided, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        to[i] = (struct desk_residents_decided){
            .name = rows.row[i].shown_name,
            .home = home_words(rq->arena, rows.row[i].estate_name, rows.row[i].building_name, rows.row[i].room),
            .reason = rows.row[i].reason,
            .by_roster = rows.row[i].decided_by == 0,
            .decided_at = rows.row[i].decided_at,
        };
    view->decided.v = to;
    view->decided.n = rows.n;
    return OK;
}

static enum result residents_show(struct request *rq)
{
    const struct desk_subject *here = rq->subject;
    int64_t list = param_given(rq, LIST_LIST) ? param_int(rq, LIST_LIST) : 0;
    struct desk_residents_view view = {.at_waiting = list == 0, .at_verified = list == 1, .at_refused = list == 2};
    struct sql_residence_count count;
    enum result r = sql_residence_count(rq->db, here->scope.place, STR("waiting"), &count);

    if (r == OK)
        r = list == 0 ? fill_waiting(rq, here, &view)
                      : fill_decided(rq, here, list == 1 ? "verified" : "refused", &view);
    view.total = r == OK ? count.total : 0;
    return r == OK ? respond_view(rq, desk_residents, &view) : r;
}

/* ---- one of them ------------------------------------------------------------------------------------------------------ */

static enum result show_one(struct request *rq, const struct person_identity *opened)
{
    const struct desk_subject *s = rq->subject;
    const struct sql_residence_get *row = &s->residence;
    struct desk_resident_view view = {
        .id = row->id,
        .home = home_words(rq->arena, row->estate_name, row->building_name, row->room),
        .relation = relation_text(row->relation),
        .state = residence_state_text(row->state),
        .waiting = str_eq(row->state, STR("waiting")),
        .verified = str_eq(row->state, STR("verified")),
        .reason = row->reason,
        .asked_at = row->asked_at,
        .decided_at = row->decided_at,
        .opened = opened != NULL,
        .verify = url_path(rq->arena, "/desk/residents/%" PRId64 "/verify", row->id),
        .refuse = url_path(rq->arena, "/desk/residents/%" PRId64 "/refuse", row->id),
        .look = url_path(rq->arena, "/desk/residents/%" PRId64 "/look", row->id),
    };
    struct sql_residence_members_rows members;
    struct me_member_view *member;
    struct person_identity who;
    struct sql_person_get person;
    size_t n = 0;
    enum result r = sql_person_get(rq->db, row->person, &person);

    if (r != OK || (r = person_open_identity(rq->db, services_of(rq)->keys, row->person, &who)) != OK ||
        (r = roster_hint(rq, s->scope.place, row->dwelling, &who, &view.hint)) != OK ||
        (r = sql_residence_members(rq->db, s->scope.place, row->dwelling, &members)) != OK)
        return r;
    member = arena_array(rq->arena, struct me_member_view, members.n + 1);
    for (size_t i = 0; i < members.n; i++)
        if (members.row[i].person != row->person)
            member[n++] = (struct me_member_view){
                .name = members.row[i].shown_name,
                .relation = relation_text(members.row[i].relation),
                .state = residence_state_text(members.row[i].state),
                .verified = str_eq(members.row[i].state, STR("verified")),
                .party = members.row[i].party_badge,
            };
    view.others.v = member;
    view.others.n = n;
    view.name = view.waiting || opened ? who.name : person.shown_name; /* after the check the shown name will do */
    view.kind = document_kind_text(who.document_kind);
    view.number = opened ? who.document : document_mask(rq->arena, who.document);
    view.phone = opened ? who.phone : mobile_mask(rq->arena, who.phone);
    return respond_view(rq, desk_resident, &view);
}

static enum result resident_show(struct request *rq)
{
    return show_one(rq, NULL);
}

static const struct param look_params[] = {
    {"reason", PARAM_CHOICE, .required = true, .choices = "check,contact,duty",
     .doc = "Why the whole number is looked at"},
};

/* A POST that shows a page: a look is written down, and nothing of it stays in an address or among kept answers. */
static enum result resident_look(struct request *rq)
{
    static const struct str reasons[] = {{"check", 5}, {"contact", 7}, {"duty", 4}};
    const struct desk_subject *s = rq->subject;
    struct person_identity who;
    enum result r = person_look(rq, s->residence.person, s->scope.place, reasons[param_int(rq, 0)], &who);

    return r == OK ? show_one(rq, &who) : r;
}

static enum result resident_verify(struct request *rq)
{
    const struct desk_subject *s = rq->subject;
    enum result r = join_decide(rq->db, s->scope.place, s->residence.id, true, STR_NONE, rq->person,
                                s->post->organisation, rq->now);

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/residents"), T_person_residents_verified) : r;
}

enum { REFUSE_REASON, REFUSE_WORDS, REFUSE_PARAMS };
static const struct param refuse_params[REFUSE_PARAMS] = {
    [REFUSE_REASON] = {"reason", PARAM_CHOICE, .choices = "room,name,unknown,twice", .doc = "A ready sentence"},
    [REFUSE_WORDS] = {"words", PARAM_LINES, .max = 300, .doc = "Words of one's own, instead or besides"},
};

static enum result resident_refuse(struct request *rq)
{
    static const enum text reasons[] = {T_person_residents_reason_room, T_person_residents_reason_name,
                                        T_person_residents_reason_unknown, T_person_residents_reason_twice};
    const struct desk_subject *s = rq->subject;
    struct str reason = param_given(rq, REFUSE_REASON) ? text(LANG_ZH_CN, reasons[param_int(rq, REFUSE_REASON)])
                                                       : STR_NONE;
    struct str words = param_text(rq, REFUSE_WORDS);
    enum result r;

    if (reason.len == 0 && words.len == 0)
        return request_invalid(rq, "words", T_person_residents_reason_needed);
    if (words.len)
        reason = str_printf(rq->arena, STR_FMT "%s" STR_FMT, STR_ARG(reason), reason.len ? "\n" : "", STR_ARG(words));
    r = join_decide(rq->db, s->scope.place, s->residence.id, false, reason, rq->person, s->post->organisation, rq->now);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/residents"), T_person_residents_refused) : r;
}

/* ---- somebody without a phone --------------------------------------------------------------------------------------------- */

/* Every building of the community, with its estate in front. */
static enum result all_buildings(struct request *rq, int64_t community, struct desk_building_view **ret, size_t *ret_n)
{
    struct estates estates;
    struct desk_building_view *to = NULL;
    size_t n = 0;
    enum result r = estate_list(rq->db, community, &estates);

    for (size_t e = 0; r == OK && e < estates.n; e++) {
        struct desk_building_view *more;
        struct buildings buildings;

        if ((r = building_list(rq->db, community, estates.estate[e].id, &buildings)) != OK)
            break;
        more = arena_array(rq->arena, struct desk_building_view, n + buildings.n + 1);
        if (n)
            memcpy(more, to, n * sizeof(*to));
        to = more;
        for (size_t i = 0; i < buildings.n; i++)
            to[n++] = (struct desk_building_view){
                buildings.building[i].id, str_printf(rq->arena, STR_FMT " " STR_FMT, STR_ARG(estates.estate[e].name),
                                                     STR_ARG(buildings.building[i].name))};
    }
    *ret = to;
    *ret_n = n;
    return r;
}

static enum result new_show(struct request *rq)
{
    const struct desk_subject *here = rq->subject;
    struct desk_resident_new_view view = {0};
    struct desk_building_view *buildings;
    enum result r = all_buildings(rq, here->scope.place, &buildings, &view.buildings.n);

    if (r != OK)
        return r;
    view.buildings.v = buildings;
    form_default(rq, "kind", STR("resident_id"));
    form_default(rq, "relation", STR("family"));
    return respond_view(rq, desk_resident_new, &view);
}

enum { NEW_NAME, NEW_KIND, NEW_NUMBER, NEW_PHONE, NEW_BUILDING, NEW_ROOM, NEW_RELATION, NEW_SEEN, NEW_PARAMS };
static const struct param new_params[NEW_PARAMS] = {
    [NEW_NAME] = {"name", PARAM_TEXT, .required = true, .max = 100, .doc = "The name as in the document"},
    [NEW_KIND] = {"kind", PARAM_CHOICE, .required = true,
                  .choices = "resident_id,residence_permit,permanent_residence,passport"},
    [NEW_NUMBER] = {"number", PARAM_TEXT, .required = true, .secret = true, .max = 60},
    [NEW_PHONE] = {"phone", PARAM_TEXT, .secret = true, .max = 30, .doc = "If there is one"},
    [NEW_BUILDING] = {"building", PARAM_ID, .required = true},
    [NEW_ROOM] = {"room", PARAM_TEXT, .required = true, .max = 30},
    [NEW_RELATION] = {"relation", PARAM_CHOICE, .required = true, .choices = "owner,tenant,family"},
    [NEW_SEEN] = {"seen", PARAM_BOOL, .doc = "The original document has been seen"},
};

/* The account: of the phone when there is one, else a new one that nobody can sign in to yet. */
static enum result account_for(struct request *rq, const struct join_request *join, int64_t *ret_person)
{
    const struct crypto_keys *keys = services_of(rq)->keys;
    struct person_new p = {.created_by = rq->person};
    struct hash h = crypto_blind(keys, STR("document"), str_from_cstr(join->document.number));
    struct sql_person_document_find known;
    bool made;
    enum result r;

    if (join->mobile.len)
        return person_by_phone(rq->db, keys, join->mobile, rq->now, ret_person, &made);
    r = sql_person_document_find(rq->db, hash_str(&h), &known);
    if (r == OK) { /* lives elsewhere in the city already: join_ask() compares the name */
        *ret_person = known.person;
        return OK;
    }
    return r == E_NOT_FOUND ? person_create(rq->db, keys, &p, rq->now, ret_person) : r;
}

static enum result new_save(struct request *rq)
{
    static const struct str relations[] = {{"owner", 5}, {"tenant", 6}, {"family", 6}};
    const struct desk_subject *here = rq->subject;
    enum document_kind kind = (enum document_kind)(param_int(rq, NEW_KIND) + DOCUMENT_RESIDENT_ID);
    struct join_request join = {.community = here->scope.place,
                                .relation = relations[param_int(rq, NEW_RELATION)],
                                .consent_version = STR(PRIVACY_VERSION),
                                .by = rq->person};
    struct building building;
    struct dwelling dwelling;
    enum identity_fault fault;
    enum join_fault refused;
    char mobile[12];
    int64_t residence;
    bool verified;
    enum result r;

    fault = person_name_parse(rq->arena, param_text(rq, NEW_NAME), &join.name);
    if (fault != IDENTITY_FINE)
        request_error(rq, "name", T_person_join_name_wrong);
    fault = document_parse(kind, param_text(rq, NEW_NUMBER), day_of(rq->now), &join.document);
    if (fault != IDENTITY_FINE)
        request_error(rq, "number", identity_fault_text(fault, kind));
    if (param_given(rq, NEW_PHONE)) {
        if (mobile_parse(param_text(rq, NEW_PHONE), mobile) != IDENTITY_FINE)
            request_error(rq, "phone", T_person_phone_wrong);
        join.mobile = str_dup(rq->arena, str_from_cstr(mobile));
    }
    if (!param_int(rq, NEW_SEEN))
        request_error(rq, "seen", T_person_new_seen_needed);
    r = building_get(rq->db, join.community, param_int(rq, NEW_BUILDING), &building);
    if (r == E_NOT_FOUND)
        return request_invalid(rq, "building", T_app_field_choice);
    if (r == OK)
        r = dwelling_find(rq->db, join.community, building.id, param_text(rq, NEW_ROOM), &dwelling);
    if (r == E_NOT_FOUND)
        return request_invalid(rq, "room", T_person_join_room_unknown);
    if (r != OK)
        return r;
    if (rq->form.n_errors)
        return E_INVALID;
    join.estate = building.estate;
    join.building = building.id;
    join.dwelling = dwelling.id;
    if ((r = account_for(rq, &join, &join.person)) != OK)
        return r;
    if ((r = join_ask(rq->db, services_of(rq)->keys, &join, rq->now, &verified, &residence, &refused)) != OK)
        return r;
    if (refused != JOIN_FINE)
        return request_invalid(rq, refused == JOIN_FULL ? "room" : "number", join_fault_text(refused));
    return respond_created(rq, url_path(rq->arena, "/desk/residents/%" PRId64, residence), residence,
                           T_person_new_done);
}

/* ---- who lives where ------------------------------------------------------------------------------------------------------------ */

enum { PEOPLE_BUILDING, PEOPLE_ROOM, PEOPLE_PARAMS };
static const struct param people_params[PEOPLE_PARAMS] = {
    [PEOPLE_BUILDING] = {"building", PARAM_ID, .doc = "A building of the community"},
    [PEOPLE_ROOM] = {"room", PARAM_TEXT, .max = 30, .doc = "502; empty for the whole building"},
};

static enum result people_show(struct request *rq)
{
    const struct desk_subject *here = rq->subject;
    bool showing = rq->route->handle == people_show; /* not the form of people_find once more */
    struct desk_people_view view = {.asked = showing && param_given(rq, PEOPLE_BUILDING)};
    struct sql_residence_of_dwelling_rows rows = {0};
    struct desk_building_view *buildings;
    struct desk_people_people *to;
    enum result r = all_buildings(rq, here->scope.place, &buildings, &view.buildings.n);

    if (r == OK && view.asked)
        r = sql_residence_of_dwelling(rq->db, here->scope.place, param_int(rq, PEOPLE_BUILDING),
                                      place_name_key(rq->arena, param_text(rq, PEOPLE_ROOM)), &rows);
    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct desk_people_people, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        to[i] = (struct desk_people_people){
            .name = rows.row[i].shown_name,
            .url = url_path(rq->arena, "/desk/residents/%" PRId64, rows.row[i].id),
            .home = home_words(rq->arena, rows.row[i].estate_name, rows.row[i].building_name, rows.row[i].room),
            .relation = relation_text(rows.row[i].relation),
            .state = residence_state_text(rows.row[i].state),
            .verified = str_eq(rows.row[i].state, STR("verified")),
        };
    view.buildings.v = buildings;
    view.people.v = to;
    view.people.n = rows.n;
    return respond_view(rq, desk_people, &view);
}

/* ---- looking for somebody ---------------------------------------------------------------------------------------------------------- */

static const struct param find_params[] = {
    {"q", PARAM_TEXT, .required = true, .max = 60, .doc = "Up to three words: shown name, building, room"},
};

/* A POST that shows a page, as a look is: it is written down, and what was typed stands in no address. */
static enum result people_find(struct request *rq)
{
    const struct desk_subject *here = rq->subject;
    struct desk_people_view view = {.looked = true};
    struct desk_building_view *buildings;
    struct people_found found;
    struct desk_people_found *to;
    enum result r = person_find(rq, here->scope.place, param_text(rq, 0), &found);

    if (r == OK)
        r = all_buildings(rq, here->scope.place, &buildings, &view.buildings.n);
    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct desk_people_found, found.n + 1);
    for (size_t i = 0; i < found.n; i++)
        to[i] = (struct desk_people_found){found.person[i].name, found.person[i].home, found.person[i].url};
    view.buildings.v = buildings;
    view.found.v = to;
    view.found.n = found.n;
    view.more = found.more;
    form_default(rq, "q", param_text(rq, 0));
    return respond_view(rq, desk_people, &view);
}

/* ---- what they want corrected ----------------------------------------------------------------------------------------------------- */

static enum result corrections_show(struct request *rq)
{
    const struct desk_subject *here = rq->subject;
    struct desk_corrections_view view = {0};
    struct desk_corrections_asked *to;
    struct sql_correction_queue_rows rows;
    struct sql_correction_count count;
    enum result r = sql_correction_count(rq->db, here->scope.place, &count);

    if (r != OK || (r = sql_correction_queue(rq->db, here->scope.place, 0, PAGE, &rows)) != OK)
        return r;
    to = arena_array(rq->arena, struct desk_corrections_asked, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        to[i] = (struct desk_corrections_asked){
            .id = rows.row[i].id, .name = rows.row[i].shown_name, .asked_at = rows.row[i].asked_at};
        r = crypto_unseal(services_of(rq)->keys, rq->arena, rows.row[i].words,
                          correction_context(rq->arena, rows.row[i].id), &to[i].words);
        if (r != OK)
            return r;
    }
    view.total = count.total;
    view.asked.v = to;
    view.asked.n = rows.n;
    return respond_view(rq, desk_corrections, &view);
}

enum { DECIDE_ID, DECIDE_DONE, DECIDE_NAME, DECIDE_ANSWER, DECIDE_PARAMS };
static const struct param decide_params[DECIDE_PARAMS] = {
    [DECIDE_ID] = {"id", PARAM_ID, .required = true},
    [DECIDE_DONE] = {"decision", PARAM_CHOICE, .required = true, .choices = "done,declined"},
    [DECIDE_NAME] = {"name", PARAM_TEXT, .secret = true, .max = 100,
                     .doc = "The right name; without it the name stays"},
    [DECIDE_ANSWER] = {"answer", PARAM_LINES, .required = true, .max = 300, .doc = "What the person is told"},
};

static enum result correction_save(struct request *rq)
{
    const struct desk_subject *here = rq->subject;
    bool done = param_int(rq, DECIDE_DONE) == 0;
    struct ledger_event e = {
        .community = here->scope.place,
        .at = rq->now,
        .actor = rq->person,
        .organisation = here->post->organisation,
        .verb = STR("correction_decided"),
        .subject_kind = STR("correction"),
        .subject = param_int(rq, DECIDE_ID),
        .before = STR("waiting"),
        .after = done ? STR("done") : STR("declined"),
    };
    struct sql_correction_get row;
    struct str name;
    int64_t changed;
    enum result r = sql_correction_get(rq->db, here->scope.place, e.subject, &row);

    if (r != OK)
        return r;
    if (param_given(rq, DECIDE_NAME)) {
        if (person_name_parse(rq->arena, param_text(rq, DECIDE_NAME), &name) != IDENTITY_FINE)
            return request_invalid(rq, "name", T_person_join_name_wrong);
        if (done && (r = person_rename(rq->db, services_of(rq)->keys, row.person, name)) != OK)
            return r;
        e.detail = done ? STR("{\"name\":true}") : STR_NONE;
    }
    r = sql_correction_decide(rq->db, here->scope.place, e.subject, e.after, param_text(rq, DECIDE_ANSWER), rq->now,
                              rq->person, &changed);
    if (r == OK && changed == 0)
        r = E_CONFLICT;
    if (r == OK)
        r = ledger_append(rq->db, &e);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/corrections"), T_person_corrections_decided) : r;
}

/* ---- which post --------------------------------------------------------------------------------------------------------------------- */

static enum result posts_show(struct request *rq)
{
    const struct viewer *viewer = viewer_of(rq);
    const struct viewer_post *now = desk_post(rq);
    struct desk_posts_posts *to = arena_array(rq->arena, struct desk_posts_posts, viewer->n_posts + 1);
    struct desk_posts_view view = {0};

    for (size_t i = 0; i < viewer->n_posts; i++)
        to[i] = (struct desk_posts_posts){viewer->post[i].id, viewer->post[i].organisation_name, viewer->post[i].title,
                                          role_text((enum role)viewer->post[i].role), &viewer->post[i] == now};
    view.posts.v = to;
    view.posts.n = viewer->n_posts;
    return respond_view(rq, desk_posts, &view);
}

static const struct param post_params[] = {
    {"post", PARAM_ID, .required = true, .doc = "One of the person's own posts"},
};

static enum result posts_choose(struct request *rq)
{
    const struct viewer *viewer = viewer_of(rq);

    for (size_t i = 0; i < viewer->n_posts; i++)
        if (viewer->post[i].id == param_int(rq, 0)) {
            enum result r = session_note_keep(rq, STR("post"), str_printf(rq->arena, "%" PRId64, viewer->post[i].id));

            return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk"), T_person_posts_chosen) : r;
        }
    return E_NOT_FOUND;
}

/* ---- the desk's left column --------------------------------------------------------------------------------------------------------- */

static enum result count_waiting(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting,
                                 int64_t *ret_late)
{
    struct sql_residence_count count = {0};
    enum result r = sql_residence_count(rq->db, post->place, STR("waiting"), &count);

    *ret_waiting = count.total;
    *ret_late = 0;
    return r;
}

static enum result count_corrections(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting,
                                     int64_t *ret_late)
{
    struct sql_correction_count count = {0};
    enum result r = sql_correction_count(rq->db, post->place, &count);

    *ret_waiting = count.total;
    *ret_late = 0;
    return r;
}

static const struct desk_item items[] = {
    {T_person_desk_waiting, T_person_desk_group, "/desk/residents", CAP_RESIDENCE_VERIFY, count_waiting},
    {T_person_desk_corrections, T_person_desk_group, "/desk/corrections", CAP_RESIDENCE_VERIFY, count_corrections},
    {T_person_desk_people, T_person_desk_group, "/desk/people", CAP_PERSON_LOOK, NULL},
    {T_person_desk_new, T_person_desk_group, "/desk/residents/new", CAP_RESIDENCE_VERIFY, NULL},
    {T_person_desk_roster, T_person_desk_group, "/desk/roster", CAP_ROSTER, NULL},
};
const struct desk_table person_desk = {items, PERSON_COUNT(items)};

/* ---- the table ----------------------------------------------------------------------------------------------------------------------- */

#define PARAMS(table) .params = table, .n_params = PERSON_COUNT(table)
#define VERIFY .need = CAP_RESIDENCE_VERIFY
#define HERE .subject = &desk_here
#define ONE .subject = &desk_residence
#define WRITE (ROUTE_WRITE | ROUTE_PERSONAL)

static const struct route routes[] = {
    {HTTP_GET, "/desk/residents", "residents.list", residents_show, HERE, VERIFY, PARAMS(list_params),
     .flags = ROUTE_PERSONAL, .view = &desk_residents_info, .doc = "Who waits to be verified, the longest first"},
    {HTTP_GET, "/desk/residents/new", "residents.new", new_show, HERE, VERIFY, .flags = ROUTE_PERSONAL,
     .view = &desk_resident_new_info, .doc = "The form for somebody without a phone"},
    {HTTP_POST, "/desk/residents/new", "residents.register", new_save, HERE, VERIFY, PARAMS(new_params), .flags = WRITE,
     .again = new_show, .doc = "Registers somebody whose document has been seen; verified at once"},
    {HTTP_GET, "/desk/residents/{id}", "residents.show", resident_show, ONE, VERIFY, .flags = ROUTE_PERSONAL,
     .view = &desk_resident_info, .doc = "One residence, the document masked"},
    {HTTP_POST, "/desk/residents/{id}/verify", "residents.verify", resident_verify, ONE, VERIFY, .flags = WRITE,
     .doc = "Verifies a resident"},
    {HTTP_POST, "/desk/residents/{id}/refuse", "residents.refuse", resident_refuse, ONE, VERIFY, PARAMS(refuse_params),
     .flags = WRITE, .again = resident_show, .doc = "Refuses, with a reason that the person reads"},
    {HTTP_POST, "/desk/residents/{id}/look", "residents.look", resident_look, ONE, .need = CAP_PERSON_LOOK,
     PARAMS(look_params), .flags = WRITE | ROUTE_NO_KEY, .again = resident_show, .view = &desk_resident_info,
     .doc = "Opens the whole document number; written to the ledger"},
    {HTTP_GET, "/desk/people", "residents.people", people_show, HERE, .need = CAP_PERSON_LOOK, PARAMS(people_params),
     .flags = ROUTE_PERSONAL, .view = &desk_people_info, .doc = "Who is registered in a building or room"},
    {HTTP_POST, "/desk/people", "residents.find", people_find, HERE, .need = CAP_PERSON_LOOK, PARAMS(find_params),
     .flags = WRITE | ROUTE_NO_KEY, .again = people_show, .view = &desk_people_info,
     .doc = "Looks for residents by shown name, building and room; that it was done is written to the ledger"},
    {HTTP_GET, "/desk/corrections", "residents.corrections", corrections_show, HERE, VERIFY, .flags = ROUTE_PERSONAL,
     .view = &desk_corrections_info, .doc = "What residents want corrected"},
    {HTTP_POST, "/desk/corrections", "residents.correct", correction_save, HERE, VERIFY, PARAMS(decide_params),
     .flags = WRITE, .again = corrections_show, .doc = "Corrects, or says why not"},
    {HTTP_GET, "/desk/posts", "desk.posts", posts_show, .need = CAP_DESK, .flags = ROUTE_PERSONAL,
     .view = &desk_posts_info, .doc = "The posts of whoever is signed in"},
    {HTTP_POST, "/desk/posts", "desk.post", posts_choose, .need = CAP_DESK, PARAMS(post_params),
     .flags = WRITE | ROUTE_NO_KEY, .doc = "Chooses the post to work as"},
};

const struct module residents_module = {
    .name = "residents",
    .routes = routes,
    .n_routes = PERSON_COUNT(routes),
};
