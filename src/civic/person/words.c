/* words.c: which text of the catalogue says what. */
#include "civic/person/room.h"

enum text relation_text(struct str relation)
{
    if (str_eq(relation, STR("owner")))
        return T_person_relation_owner;
    return str_eq(relation, STR("tenant")) ? T_person_relation_tenant : T_person_relation_family;
}

enum text residence_state_text(struct str state)
{
    if (str_eq(state, STR("waiting")))
        return T_person_state_waiting;
    if (str_eq(state, STR("verified")))
        return T_person_state_verified;
    return str_eq(state, STR("refused")) ? T_person_state_refused : T_person_state_ended;
}

enum text document_kind_text(struct str kind)
{
    switch (document_kind_from_word(kind)) {
    case DOCUMENT_NONE: return T_none;
    case DOCUMENT_RESIDENT_ID: return T_person_document_resident_id;
    case DOCUMENT_RESIDENCE_PERMIT: return T_person_document_residence_permit;
    case DOCUMENT_PERMANENT_RESIDENCE: return T_person_document_permanent_residence;
    case DOCUMENT_PASSPORT: return T_person_document_passport;
    }
    return T_none;
}

enum text identity_fault_text(enum identity_fault fault, enum document_kind kind)
{
    switch (fault) {
    case IDENTITY_FINE: return T_none;
    case IDENTITY_EMPTY: return T_app_field_required;
    case IDENTITY_LENGTH: return kind == DOCUMENT_RESIDENT_ID ? T_person_number_length : T_person_number_length_other;
    case IDENTITY_SIGNS: return T_person_number_signs;
    case IDENTITY_REGION: return T_person_number_region;
    case IDENTITY_DATE: return T_person_number_date;
    case IDENTITY_FUTURE: return T_person_number_future;
    case IDENTITY_CHECK: return T_person_number_check;
    case IDENTITY_KIND: return T_person_number_kind;
    }
    return T_none;
}

enum text join_fault_text(enum join_fault fault)
{
    switch (fault) {
    case JOIN_FINE: return T_none;
    case JOIN_DOCUMENT_TAKEN: return T_person_join_fault_document_taken;
    case JOIN_FULL: return T_person_join_fault_full;
    case JOIN_ALREADY: return T_person_join_fault_already;
    case JOIN_CHILD: return T_person_join_fault_child;
    case JOIN_OTHER_IDENTITY: return T_person_join_fault_other_identity;
    }
    return T_none;
}

enum text password_fault_text(enum password_fault fault)
{
    switch (fault) {
    case PASSWORD_FINE: return T_none;
    case PASSWORD_SHORT: return T_person_password_short;
    case PASSWORD_LONG: return T_person_password_long;
    case PASSWORD_COMMON: return T_person_password_common;
    case PASSWORD_OWN: return T_person_password_own;
    case PASSWORD_PLAIN: return T_person_password_plain;
    }
    return T_none;
}

enum result help_phone(struct request *rq, int64_t community, struct help_phone *ret)
{
    struct organisation o;
    enum result r = community ? organisation_head_of(rq->db, community, &o) : E_NOT_FOUND;

    *ret = (struct help_phone){0};
    if (r == E_NOT_FOUND)
        return OK;
    if (r != OK)
        return r;
    *ret = (struct help_phone){o.name, o.phone, url_tel(rq->arena, o.phone)};
    return OK;
}
