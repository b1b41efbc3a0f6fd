/* inquiry.c: threads as subjects and in words; who answers; where the kind stands on other pages. */
#include "boards/inquiry/room.h"

#include "civic/calendar/words.h"
#include "civic/entry/entry_present.h"
#include "civic/frame/frame.h"
#include "civic/home/home.h"
#include "civic/media/media_document.h"
#include "civic/media/media_routes.h"
#include "civic/place/place_subject.h"

/* clang-format off */
static const struct board_start starts[] = {
    {"/new", NULL, T_inquiry_start, NULL, CAP_RESIDENT, NULL, NULL},
};
/* clang-format on */
const struct board_kind inquiry_kind = {
    .word = "inquiry",
    .name = T_inquiry_kind,
    .lead = T_inquiry_kind_lead,
    .icon = "help",
    .unread = entry_unread,
    .start = starts,
    .n_start = sizeof(starts) / sizeof(starts[0]),
};

struct url inquiry_url(struct arena *a, const struct board *board, int64_t community, int64_t id)
{
    return url_path(a, "/p/%" PRId64 "/inquiry/" STR_FMT "/mine/%" PRId64, community, STR_ARG(board->word), id);
}

struct url inquiry_desk_url(struct arena *a, int64_t community, int64_t id)
{
    return url_path(a, "/desk/inquiry/%" PRId64 "/%" PRId64, community, id);
}

/* ---- the subject ----------------------------------------------------------------------------------------------------------- */

/* A guest is asked to sign in before anything is looked up: whether there is such a thread is nobody's to find out. */
static enum result get_at(struct db *db, int64_t place, int64_t id, void *ret)
{
    return sql_inquiry_get(db, place, id, ret);
}

static enum result load(struct request *rq, bool office)
{
    const struct viewer *viewer = viewer_of(rq);
    struct inquiry_subject *s = arena_new(rq->arena, struct inquiry_subject);
    enum result r;

    if (viewer->person == 0)
        return E_DENIED;
    r = sql_inquiry_get(rq->db, rq->path_id[0], rq->path_id[1], &s->row);
    if (r == E_NOT_FOUND) /* what is open goes along with its estate */
        r = place_lead_after(rq, get_at, &s->row);
    if (r == OK)
        r = board_get(rq->db, s->row.board, &s->board);
    if (r != OK)
        return r;
    s->scope = (struct subject_scope){
        .place = s->row.community, .author = s->row.asker, .organisation = &s->row.organisation, .n_organisations = 1};
    if (office ? !access_allowed(viewer, CAP_INQUIRY_ANSWER, s->row.community, &s->scope)
               : s->row.asker != viewer->person || !str_eq(s->board.word, rq->path_word[0]))
        return E_NOT_FOUND;
    rq->place = s->row.community;
    rq->subject = s;
    return OK;
}

static enum result load_mine(struct request *rq)
{
    return load(rq, false);
}

static enum result load_desk(struct request *rq)
{
    return load(rq, true);
}

const struct subject_kind inquiry_mine_subject = {"inquiry_mine", load_mine};
const struct subject_kind inquiry_desk_subject = {"inquiry", load_desk};

/* ---- words -------------------------------------------------------------------------------------------------------------------- */

struct inquiry_mark inquiry_mark(struct request *rq, struct str state, bool asker_last, int64_t answered_at,
                                 int64_t due)
{
    struct inquiry_mark m = {.word = T_inquiry_state_closed, .mark = STR("done")};

    if (str_eq(state, STR("talking"))) {
        m.word = asker_last ? T_inquiry_state_their_turn : T_inquiry_state_talking;
        m.mark = asker_last ? STR("wait") : STR("doing");
    } else if (str_eq(state, STR("asked"))) {
        m.word = answered_at ? T_inquiry_state_asked_again : T_inquiry_state_asked;
        m.late = rq->now > due;
        m.mark = m.late ? STR("late") : STR("wait");
        m.clock = calendar_deadline_words(rq->arena, rq->lang, calendar_now(), rq->now, due, LIMIT_WORK_HOUR);
    }
    return m;
}

struct inquiry_face inquiry_face(struct request *rq, const struct sql_inquiry_get *row)
{
    struct inquiry_face f = {
        .m = inquiry_mark(rq, row->state, row->asker_last, row->answered_at, row->answer_due),
        .due = str_eq(row->state, STR("asked")) ? row->answer_due : 0,
        .sharing = flow_state_of(&sharing_flow, row->sharing),
        .closed = str_eq(row->state, STR("closed")),
    };

    f.card = f.m.late ? STR("late") : f.closed ? STR("done") : f.m.clock.len ? STR("wait") : STR("doing");
    return f;
}

static enum text verb_text(struct str verb)
{
    static const struct {
        const char *verb;
        enum text text;
    } verbs[] = {
        {"asked", T_inquiry_verb_asked},
        {"said", T_inquiry_verb_said},
        {"answered", T_inquiry_verb_answered},
        {"transferred", T_inquiry_verb_transferred},
        {"closed", T_inquiry_verb_closed},
        {"reopened", T_inquiry_verb_reopened},
        {"rated", T_inquiry_verb_rated},
        {"escalated", T_inquiry_verb_escalated},
        {"wording_proposed", T_inquiry_verb_wording_proposed},
        {"wording_recalled", T_inquiry_verb_wording_recalled},
        {"wording_changed", T_inquiry_verb_wording_changed},
        {"wording_refused", T_inquiry_verb_wording_refused},
        {"question_published", T_inquiry_verb_question_published},
        {"consent_withdrawn", T_inquiry_verb_consent_withdrawn},
        {"moved", T_inquiry_verb_moved},
    };

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (str_eq(verb, str_from_cstr(verbs[i].verb)))
            return verbs[i].text;
    return T_inquiry_verb_said;
}

static enum result fill_files(struct request *rq, int64_t community, const struct sql_inquiry_messages_rows *rows,
                              struct inquiry_thread_lines *line)
{
    for (size_t from = 0; from < rows->n; from += MEDIA_COVERS_MAX) {
        size_t n = rows->n - from < MEDIA_COVERS_MAX ? rows->n - from : MEDIA_COVERS_MAX;
        int64_t ids[MEDIA_COVERS_MAX];
        struct document_list documents;
        struct media_list media;
        enum result r;

        for (size_t i = 0; i < n; i++)
            ids[i] = rows->row[from + i].id;
        r = media_of_subjects(rq->db, community, STR("inquiry_message"), ids, n, &media);
        if (r == OK)
            r = document_of_subjects(rq->db, community, STR("inquiry_message"), ids, n, &documents);
        if (r != OK)
            return r;
        for (size_t i = 0; i < n; i++)
            entry_files_of(rq, community, &media, &documents, ids[i], &line[rows->n - 1 - (from + i)].files);
    }
    return OK;
}

enum result inquiry_thread_fill(struct request *rq, const struct sql_inquiry_get *row, bool office, int64_t before,
                                struct url self, struct inquiry_thread_view *ret)
{
    struct sql_inquiry_messages_rows rows;
    struct inquiry_thread_lines *line;
    enum result r = sql_inquiry_messages(rq->db, row->community, row->id, before ? before : INT64_MAX, THREAD_MAX + 1,
                                         &rows);

    if (r != OK)
        return r;
    *ret = (struct inquiry_thread_view){.office = office};
    if (rows.n > THREAD_MAX) {
        rows.n = THREAD_MAX;
        ret->older = url_add(rq->arena, self, "before", str_printf(rq->arena, "%" PRId64, rows.row[rows.n - 1].id));
    }
    line = arena_array(rq->arena, struct inquiry_thread_lines, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_inquiry_messages *m = &rows.row[i];
        struct inquiry_thread_lines *to = &line[rows.n - 1 - i]; /* oldest first on the page, as people talk */
        bool said = str_eq(m->verb, STR("asked")) || str_eq(m->verb, STR("said")) || str_eq(m->verb, STR("answered")) ||
                    str_eq(m->verb, STR("reopened"));

        *to = (struct inquiry_thread_lines){
            .id = m->id,
            .verb = verb_text(m->verb),
            .said = said,
            .late = str_eq(m->verb, STR("escalated")),
            .at = m->at,
            .official = m->organisation != 0,
            .mine = m->person && (office ? m->organisation == row->organisation : m->organisation == 0),
            .to = m->to_name,
            .body = m->body,
        };
        /* The resident reads the officer's name as it stands on the badge, and else the organisation's. */
        if (m->organisation) {
            to->who = m->officer_name.len ? m->officer_name : m->organisation_name;
            to->from = m->officer_name.len ? m->organisation_name : STR_NONE;
        } else if (m->person) {
            to->who = m->shown_name;
            to->from = row->asker_from;
        }
        to->initial = entry_initial(to->who);
    }
    ret->lines.v = line;
    ret->lines.n = rows.n;
    return fill_files(rq, row->community, &rows, line);
}

/* ---- who answers -------------------------------------------------------------------------------------------------------------- */

enum result inquiry_offices(struct request *rq, const struct board *board, int64_t community, struct organisations *ret)
{
    struct subject_scope scope;
    struct organisation head;
    struct sql_officers_of_community_rows officers;
    int64_t committee;
    enum result r = board_scope(rq, board, community, &scope);

    if (r == OK && scope.of_place) {
        r = organisation_head_of(rq->db, community, &head);
        committee = r == OK ? head.id : 0;
        scope.organisation = &committee;
        scope.n_organisations = r == OK;
        r = r == E_NOT_FOUND ? OK : r;
    }
    if (r == OK)
        r = sql_officers_of_community(rq->db, community, &officers);
    if (r != OK)
        return r;
    ret->organisation = arena_array(rq->arena, struct organisation, scope.n_organisations ? scope.n_organisations : 1);
    ret->n = 0;
    for (int responsible = 1; responsible >= 0; responsible--)
        for (size_t i = 0; i < scope.n_organisations; i++) {
            struct person_ids readers;
            bool has = false;

            for (size_t k = 0; k < officers.n; k++)
                has |= officers.row[k].organisation == scope.organisation[i];
            if (has != (responsible == 1))
                continue;
            if ((r = inquiry_readers(rq->db, scope.organisation[i], rq->now, &readers)) != OK)
                return r;
            if (readers.n == 0)
                continue;
            if ((r = organisation_get(rq->db, scope.organisation[i], &ret->organisation[ret->n])) != OK)
                return r;
            ret->n += ret->organisation[ret->n].valid_to == 0;
        }
    return OK;
}

enum result officer_cards_fill(struct request *rq, int64_t community, const struct organisations *of,
                               struct officer_cards *ret)
{
    struct sql_officers_of_community_rows rows;
    struct officer_card_view *card;
    size_t n = 0;
    enum result r = sql_officers_of_community(rq->db, community, &rows);

    if (r != OK)
        return r;
    card = arena_array(rq->arena, struct officer_card_view, rows.n ? rows.n : 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_officers_of_community *row = &rows.row[i];
        bool runs = false;

        for (size_t k = 0; k < of->n; k++)
            runs |= of->organisation[k].id == row->organisation;
        if (!runs)
            continue;
        card[n] = (struct officer_card_view){
            .name = row->name,
            .initial = entry_initial(row->name),
            .badge = row->badge,
            .organisation = row->organisation_name,
            .phone = row->phone,
        };
        if (row->phone.len)
            card[n].call = url_tel(rq->arena, row->phone);
        if (row->photo) {
            card[n].photo = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", row->place, row->photo);
            card[n].has_photo = true;
        }
        n++;
    }
    ret->v = card;
    ret->n = n;
    return OK;
}

/* ---- pictures -------------------------------------------------------------------------------------------------------------------- */

static bool may_see_message(struct request *rq, const struct media *media)
{
    const struct viewer *viewer = viewer_of(rq);
    struct sql_inquiry_message_scope m;
    struct subject_scope scope;

    if (viewer->person == 0 || sql_inquiry_message_scope(rq->db, rq->place, media->subject, &m) != OK)
        return false;
    scope = (struct subject_scope){.place = rq->place, .organisation = &m.organisation, .n_organisations = 1};
    if (m.asker == viewer->person)
        return !media->hidden;
    return access_allowed(viewer, CAP_INQUIRY_ANSWER, rq->place, &scope);
}

/* Back to the thread: each side has a page of its own. */
static enum result page_of_message(struct request *rq, const struct media *media, struct url *ret_page)
{
    struct sql_inquiry_message_scope m;
    struct board board;
    enum result r = sql_inquiry_message_scope(rq->db, rq->place, media->subject, &m);

    if (r == OK)
        r = board_get(rq->db, m.board, &board);
    if (r == OK)
        *ret_page = m.asker == rq->person ? inquiry_url(rq->arena, &board, rq->place, m.inquiry)
                                          : inquiry_desk_url(rq->arena, rq->place, m.inquiry);
    return r;
}

/* Who is responsible shows their face; the picture of somebody who is not, or not yet, only their own house sees. */
static bool may_see_officer(struct request *rq, const struct media *media)
{
    struct sql_officer_shown shown;
    struct sql_officer_organisation of;
    struct subject_scope scope = {.place = rq->place, .n_organisations = 1};

    if (media->hidden || sql_officer_organisation(rq->db, media->subject, &of) != OK)
        return false;
    scope.organisation = &of.organisation;
    return sql_officer_shown(rq->db, media->subject, &shown) == OK ||
           access_allowed(viewer_of(rq), CAP_INQUIRY_ANSWER, rq->place, &scope);
}

static const struct media_guard guards[] = {{"inquiry_message", may_see_message, page_of_message},
                                            {"officer", may_see_officer}};
const struct media_guards inquiry_guards = {guards, sizeof(guards) / sizeof(guards[0])};

/* ---- the front page, and the resident's own -------------------------------------------------------------------------------------- */

static enum result waiting(struct request *rq, const struct home_here *here, size_t max, struct home_item *ret_items,
                           size_t *ret_n)
{
    int64_t community = here->community;
    struct sql_inquiry_waiting_for_person_rows rows;
    struct board board;
    enum result r;

    *ret_n = 0;
    if (rq->person == 0)
        return OK;
    r = sql_inquiry_waiting_for_person(rq->db, community, rq->person, (int64_t)max, &rows);
    for (size_t i = 0; r == OK && i < rows.n && *ret_n < max; i++) {
        if ((r = board_get(rq->db, rows.row[i].board, &board)) != OK)
            return r;
        ret_items[(*ret_n)++] = (struct home_item){
            .text = text_format(rq->arena, rq->lang, T_inquiry_home_proposed, TEXT_STR("title", rows.row[i].title)),
            .url = inquiry_url(rq->arena, &board, community, rows.row[i].id),
            .badge = T_inquiry_home_please,
        };
    }
    return r;
}

/* The officers of the police alone: a doctor is found on the doctors' board. */
static enum result officers(struct request *rq, int64_t community, size_t max, struct home_person *ret_people,
                            size_t *ret_n)
{
    struct sql_officers_of_community_rows rows;
    enum result r = sql_officers_of_community(rq->db, community, &rows);

    *ret_n = 0;
    for (size_t i = 0; r == OK && i < rows.n && *ret_n < max; i++) {
        const struct sql_officers_of_community *row = &rows.row[i];
        struct home_person *p = &ret_people[*ret_n];

        if (!str_eq(row->organisation_kind, STR("community_police")))
            continue;
        *p = (struct home_person){
            .name = row->name, .badge = row->badge, .organisation = row->organisation_name, .phone = row->phone};
        if (row->photo)
            p->photo = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", row->place, row->photo);
        (*ret_n)++;
    }
    return r;
}

const struct home_table inquiry_home = {.waiting = waiting, .officers = officers};

static enum result count_mine(struct request *rq, int64_t community, int64_t *ret_n)
{
    struct sql_inquiry_count_of_person row;
    enum result r = sql_inquiry_count_of_person(rq->db, rq->person, &row);

    (void)community;
    if (r == OK)
        *ret_n = row.n;
    return r;
}

static enum result records(struct request *rq, struct me_records *ret)
{
    enum { MOST = 1000 };
    struct sql_inquiry_left_by_rows rows;
    enum result r = sql_inquiry_left_by(rq->db, rq->person, MOST, &rows);

    if (r != OK)
        return r;
    ret->record = arena_array(rq->arena, struct me_record, rows.n ? rows.n : 1);
    ret->n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_inquiry_left_by *row = &rows.row[i];
        struct board board;

        if ((r = board_get(rq->db, row->board, &board)) != OK)
            return r;
        ret->record[ret->n++] = (struct me_record){
            T_inquiry_me_wrote, row->at,
            str_printf(rq->arena, STR_FMT "\n" STR_FMT, STR_ARG(row->title), STR_ARG(row->body)),
            inquiry_url(rq->arena, &board, row->community, row->inquiry)};
    }
    return OK;
}

static const struct me_item items[] = {{T_inquiry_me_mine, "help", "/me/inquiries", false, count_mine}};
const struct me_table inquiry_me = {items, 1, records};
