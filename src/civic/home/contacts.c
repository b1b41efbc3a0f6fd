/* contacts.c: whom a resident can find: the committee, its secretary, and the police officer who is responsible, with picture and number. */
#include "civic/home/home.h"

#include "civic/home/home.sql.h"
#include "civic/home/start.h"
#include "civic/place/place_words.h"

enum { CONTACTS = 8, OFFICERS = 2 };

/* Officers with picture and number, by the boards. */
static enum result add_officers(struct request *rq, const struct home_table *const *tables, size_t n_tables,
                                struct home_page_contacts *c, size_t *n)
{
    struct home_person officer[OFFICERS];

    for (size_t t = 0; t < n_tables; t++) {
        size_t some = 0;
        enum result r = tables[t]->officers ? tables[t]->officers(rq, rq->place, OFFICERS, officer, &some) : OK;

        if (r != OK)
            return r;
        for (size_t i = 0; i < some && *n < CONTACTS; i++)
            c[(*n)++] = (struct home_page_contacts){
                .name = officer[i].name,
                .role = str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(text(rq->lang, T_home_community_police)),
                                   STR_ARG(officer[i].organisation)),
                .badge = officer[i].badge,
                .photo = officer[i].photo,
                .phone = officer[i].phone,
                .call = url_tel(rq->arena, officer[i].phone),
            };
    }
    return OK;
}

enum result home_contacts(struct request *rq, const struct home_table *const *tables, size_t n_tables,
                          struct home_page_view *view)
{
    struct home_page_contacts *c = arena_array(rq->arena, struct home_page_contacts, CONTACTS);
    struct sql_home_people_rows people;
    struct organisation head;
    size_t n = 0, before;
    enum result r = organisation_head_of(rq->db, rq->place, &head);

    if (r == OK)
        c[n++] = (struct home_page_contacts){.name = head.name,
                                             .role = text(rq->lang, organisation_kind_text(head.kind)),
                                             .phone = head.phone,
                                             .call = url_tel(rq->arena, head.phone)};
    else if (r != E_NOT_FOUND)
        return r;
    before = n;
    if ((r = add_officers(rq, tables, n_tables, c, &n)) != OK)
        return r;
    bool shown = n > before; /* whoever is named as responsible, and no other officer of the station */
    r = sql_home_people(rq->db, rq->place, rq->now, &people);
    for (size_t i = 0; r == OK && i < people.n && n < CONTACTS; i++) {
        const struct sql_home_people *p = &people.row[i];
        bool police = str_eq(p->role, STR("community_police"));
        struct str role = p->title.len ? p->title
                                       : text(rq->lang, police ? T_home_community_police : T_home_party_secretary);

        if (police && shown)
            continue;
        c[n] = (struct home_page_contacts){.name = p->shown_name, .role = role};
        if (police) { /* the secretary's number is the committee's, which stands above */
            c[n].phone = p->phone;
            c[n].call = url_tel(rq->arena, p->phone);
        }
        n++;
    }
    view->contacts.v = c;
    view->contacts.n = n;
    return r;
}
