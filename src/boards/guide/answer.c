/* answer.c: the matters of a place that somebody may mean, on the guide's own page and among what the search page finds. */
#include "boards/guide/rules.h"
#include "civic/search/search_page.h"

enum { SHOWN_WHEN_FOUND = 8, SHOWN_PERHAPS = 4 };

/* What people say for each matter, and the words that stand for others; of the place and those above it. */
static enum result add_synonyms(struct db *db, int64_t place, struct guide_candidate *c, size_t n,
                                struct guide_meaning **ret_meaning, size_t *ret_n)
{
    int64_t chain[4];
    size_t places = place_chain(place, chain), all = 0, meanings = 0;
    struct sql_guide_synonyms_rows rows[4];

    for (size_t i = 0; i < places; i++) {
        enum result r = sql_guide_synonyms(db, chain[i], &rows[i]);

        if (r != OK)
            return r;
        all += rows[i].n;
    }
    *ret_meaning = arena_array(db_arena(db), struct guide_meaning, all ? all : 1);
    for (size_t i = 0; i < places; i++)
        for (size_t k = 0; k < rows[i].n; k++)
            if (rows[i].row[k].item == 0)
                (*ret_meaning)[meanings++] = (struct guide_meaning){rows[i].row[k].said, rows[i].row[k].means};
    *ret_n = meanings;
    for (size_t j = 0; j < n; j++) {
        struct str *said = arena_array(db_arena(db), struct str, GUIDE_SYNONYMS_MAX);
        size_t m = 0;

        for (size_t i = 0; i < places; i++)
            for (size_t k = 0; k < rows[i].n && chain[i] == c[j].place; k++)
                if (rows[i].row[k].item == c[j].id && m < GUIDE_SYNONYMS_MAX)
                    said[m++] = rows[i].row[k].said;
        c[j].said = said;
        c[j].n_said = m;
    }
    return OK;
}

enum result guide_answers(struct db *db, int64_t place, struct str question, const struct guide_rows *all, double least,
                          struct guide_rows *ret, bool *ret_fits)
{
    struct guide_candidate *c = arena_array(db_arena(db), struct guide_candidate, all->n ? all->n : 1);
    struct guide_meaning *meaning;
    size_t meanings, most;
    enum result r;

    for (size_t i = 0; i < all->n; i++)
        c[i] = (struct guide_candidate){
            .place = all->row[i].community, .id = all->row[i].id, .name = all->row[i].title, .text = all->row[i].body};
    if ((r = add_synonyms(db, place, c, all->n, &meaning, &meanings)) != OK)
        return r;
    guide_rank(db_arena(db), question, meaning, meanings, c, all->n);
    *ret_fits = all->n && c[0].score >= least;
    most = *ret_fits ? SHOWN_WHEN_FOUND : SHOWN_PERHAPS;
    ret->row = arena_array(db_arena(db), struct sql_guide_list, most);
    ret->n = 0;
    for (size_t i = 0; i < all->n && ret->n < most; i++) {
        if (c[i].score < GUIDE_NEAR || (*ret_fits && c[i].score < c[0].score * 0.5))
            break;
        for (size_t k = 0; k < all->n; k++)
            if (all->row[k].id == c[i].id && all->row[k].community == c[i].place)
                ret->row[ret->n++] = all->row[k];
    }
    return OK;
}

/* What is surely meant goes among the hits; what was perhaps meant does not: 「电梯」 is no question for the ladder. */
static enum result advise(struct request *rq, int64_t place, struct str words, size_t most, struct search_entry *ret,
                          size_t *ret_n)
{
    struct boards boards;
    enum result r = board_shown(rq->db, place, &boards);

    *ret_n = 0;
    for (size_t i = 0; r == OK && i < boards.n; i++) {
        struct guide_rows all, fitting;
        bool fits;

        if (boards.board[i].hidden || !str_eq(boards.board[i].kind, str_from_cstr(guide_kind.word)))
            continue;
        if ((r = guide_rows(rq->db, &boards.board[i], place, &all)) != OK ||
            (r = guide_answers(rq->db, place, words, &all, GUIDE_SURE, &fitting, &fits)) != OK)
            return r;
        for (size_t k = 0; fits && k < fitting.n && *ret_n < most; k++)
            ret[(*ret_n)++] = (struct search_entry){
                .community = fitting.row[k].community,
                .subject_kind = boards.board[i].kind,
                .subject = fitting.row[k].id,
                .title = fitting.row[k].title,
                .text = fitting.row[k].body,
            };
    }
    return r;
}

const struct search_adviser guide_adviser = {"guide", advise};
