/* roster.c: the committee's own list of who lives where. Who is on it is verified without waiting. */
#include "civic/ledger/ledger.h"
#include "civic/person/join.h"
#include "civic/person/person.sql.h"
#include "civic/place/place.h"
#include "engine/base/csv.h"
#include "engine/base/ids.h"

enum { FAULTS_MAX = 200, COLUMNS = 7 };
enum { ESTATE, BUILDING, ROOM, NAME, DOCUMENT, PHONE, RELATION };

static const char *const heads[COLUMNS] = {
    [ESTATE] = "estate,小区",
    [BUILDING] = "building,楼栋,楼号",
    [ROOM] = "room,室号,房号",
    [NAME] = "name,姓名",
    [DOCUMENT] = "document,证件号,身份证号",
    [PHONE] = "phone,手机号,电话",
    [RELATION] = "relation,与房屋关系,关系",
};

struct import {
    struct db *db;
    const struct crypto_keys *keys;
    int64_t community, by, now;
    size_t column[COLUMNS];
    struct estates estates;
    struct roster_result *result;
};

static void fault(struct import *im, const struct csv *csv, enum text why)
{
    if (im->result->n_faults < FAULTS_MAX)
        im->result->fault[im->result->n_faults] = (struct roster_row_fault){(int64_t)csv->line, why};
    im->result->n_faults++;
}

static struct str relation_of(struct str word)
{
    if (str_eq(word, STR("owner")) || str_eq(word, STR("业主")) || str_eq(word, STR("产权人")))
        return STR("owner");
    if (str_eq(word, STR("tenant")) || str_eq(word, STR("租户")) || str_eq(word, STR("承租人")))
        return STR("tenant");
    return STR("family");
}

/* The dwelling that a row names; T_none when it is there, else what is wrong. */
static enum result find_dwelling(struct import *im, const struct csv *csv, struct dwelling *ret, enum text *ret_why)
{
    struct str name = place_name_key(db_arena(im->db), csv_field(csv, im->column[ESTATE]));
    struct building building;
    int64_t estate = 0;
    enum result r;

    for (size_t i = 0; i < im->estates.n; i++)
        if (str_eq(place_name_key(db_arena(im->db), im->estates.estate[i].name), name))
            estate = im->estates.estate[i].id;
    *ret_why = T_person_roster_no_estate;
    if (estate == 0)
        return OK;
    r = building_find(im->db, im->community, estate, csv_field(csv, im->column[BUILDING]), &building);
    *ret_why = T_person_roster_no_building;
    if (r != OK)
        return r == E_NOT_FOUND ? OK : r;
    r = dwelling_find(im->db, im->community, building.id, csv_field(csv, im->column[ROOM]), ret);
    *ret_why = T_person_roster_no_room;
    if (r != OK)
        return r == E_NOT_FOUND ? OK : r;
    *ret_why = T_none;
    return OK;
}

/* People of the dwelling who wait and fit the new row are verified now. */
static enum result verify_waiting(struct import *im, const struct dwelling *d, struct str name, struct str document,
                                  struct str mobile)
{
    struct sql_residence_members_rows members;
    enum result r = sql_residence_members(im->db, im->community, d->id, &members);

    for (size_t i = 0; r == OK && i < members.n; i++) {
        struct person_identity known;

        if (!str_eq(members.row[i].state, STR("waiting")))
            continue;
        if ((r = person_open_identity(im->db, im->keys, members.row[i].person, &known)) != OK)
            return r;
        if (!str_eq(known.name, name) ||
            !(document.len ? str_eq(known.document, document) : mobile.len && str_eq(known.phone, mobile)))
            continue;
        r = join_decide(im->db, im->community, members.row[i].id, true, STR_NONE, im->by, 0, im->now);
        im->result->verified += r == OK;
    }
    return r;
}

static enum result import_row(struct import *im, const struct csv *csv)
{
    struct arena *a = db_arena(im->db);
    struct str document_text = csv_field(csv, im->column[DOCUMENT]), phone_text = csv_field(csv, im->column[PHONE]),
               name;
    struct str relation = relation_of(csv_field(csv, im->column[RELATION]));
    struct document document = {0};
    struct hash name_hash, document_hash, phone_hash;
    struct sql_roster_find known;
    struct dwelling dwelling;
    char mobile[12] = "";
    enum text why;
    int64_t id = id_new();
    enum result r = find_dwelling(im, csv, &dwelling, &why);

    if (r != OK)
        return r;
    if (why == T_none && person_name_parse(a, csv_field(csv, im->column[NAME]), &name) != IDENTITY_FINE)
        why = T_person_roster_bad_name;
    if (why == T_none && document_text.len &&
        document_parse(document_guess(document_text, day_of(im->now)), document_text, day_of(im->now), &document) !=
            IDENTITY_FINE)
        why = T_person_roster_bad_document;
    if (why == T_none && phone_text.len && mobile_parse(phone_text, mobile) != IDENTITY_FINE)
        why = T_person_roster_bad_phone;
    if (why == T_none && document_text.len == 0 && phone_text.len == 0)
        why = T_person_roster_no_proof;
    if (why != T_none) {
        fault(im, csv, why);
        return OK;
    }
    name_hash = crypto_blind(im->keys, STR("name"), name);
    document_hash = crypto_blind(im->keys, STR("document"), str_from_cstr(document.number));
    phone_hash = crypto_blind(im->keys, STR("phone"), str_from_cstr(mobile));
    r = sql_roster_find(im->db, im->community, dwelling.id, hash_str(&name_hash), &known);
    if (r == OK) {
        r = sql_roster_update(im->db, im->community, known.id, document_text.len ? hash_str(&document_hash) : STR_NONE,
                              phone_text.len ? hash_str(&phone_hash) : STR_NONE, relation, im->now);
        im->result->updated++;
    } else if (r == E_NOT_FOUND) {
        r = sql_roster_put(
            im->db, im->community, id, dwelling.id, hash_str(&name_hash),
            document_text.len ? hash_str(&document_hash) : STR_NONE, phone_text.len ? hash_str(&phone_hash) : STR_NONE,
            crypto_seal(im->keys, a, name, str_printf(a, "roster.name:%lld", (long long)id)), relation, im->now);
        im->result->added++;
    }
    return r == OK ? verify_waiting(im, &dwelling, name, str_from_cstr(document.number), str_from_cstr(mobile)) : r;
}

enum result roster_import(struct db *db, const struct crypto_keys *keys, int64_t community, struct str bytes,
                          int64_t by, int64_t organisation, int64_t now, struct roster_result *ret)
{
    struct import im = {.db = db, .keys = keys, .community = community, .by = by, .now = now, .result = ret};
    struct ledger_event e = {
        .community = community,
        .at = now,
        .actor = by,
        .organisation = organisation,
        .verb = STR("roster_imported"),
        .subject_kind = STR("community"),
        .subject = community,
    };
    struct str text;
    struct csv csv;
    enum result r;

    *ret = (struct roster_result){.fault = arena_array(db_arena(db), struct roster_row_fault, FAULTS_MAX)};
    if (csv_text(db_arena(db), bytes, &text) != OK || csv_open(db_arena(db), text, &csv) != OK)
        return E_INVALID;
    for (size_t i = 0; i < COLUMNS; i++) {
        im.column[i] = csv_column(&csv, heads[i]);
        if (im.column[i] == SIZE_MAX && i != DOCUMENT && i != PHONE && i != RELATION)
            return E_INVALID;
    }
    if ((r = estate_list(db, community, &im.estates)) != OK)
        return r;
    for (;;) {
        r = csv_next(&csv);
        if (r == E_NOT_FOUND)
            break;
        if (r == E_INVALID) {
            fault(&im, &csv, T_person_roster_bad_row);
            if (csv.fault == CSV_QUOTE_OPEN || csv.fault == CSV_QUOTE_STRAY)
                break;
            continue;
        }
        if (r == OK)
            r = import_row(&im, &csv);
        if (r != OK)
            return r;
    }
    e.detail = str_printf(db_arena(db), "{\"added\":%lld,\"updated\":%lld,\"verified\":%lld,\"wrong\":%zu}",
                          (long long)ret->added, (long long)ret->updated, (long long)ret->verified, ret->n_faults);
    return ledger_append(db, &e);
}
