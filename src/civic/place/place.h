/* place.h: the tree of the city, and what hangs below a community.
 *
 * Four levels with the national 12-digit codes as integers: city 310000000000, district 310113000000, street 310113007000, community
 * 310113007011. A subtree is a range of codes. Estates, buildings and dwellings belong to a community; organisations
 * are attached to a place of any level. Communities merge and split: old codes stay for ever, with the day they ended and
 * their successors; figures of the past stay with the old codes, so the levels above count everything once. */
#ifndef LILONG_CIVIC_PLACE_H
#define LILONG_CIVIC_PLACE_H

#include "engine/db/db.h"

enum place_level { PLACE_NONE, PLACE_CITY, PLACE_DISTRICT, PLACE_STREET, PLACE_COMMUNITY };

/* ---- codes: pure ------------------------------------------------------------------------------------ */

/* PLACE_NONE for what is not a place: 市辖区 (310100000000), too few digits, holes in the middle. */
enum place_level place_level_of(int64_t code);
/* The codes of the subtree, both ends in: for `community BETWEEN from AND to`. A place that is none gives an empty range. */
void place_range(int64_t code, int64_t *ret_from, int64_t *ret_to);
int64_t place_parent(int64_t code);                       /* by the code; 0 for the city */
bool place_contains(int64_t place, int64_t code);         /* a place contains itself */
size_t place_chain(int64_t code, int64_t ret_chain[4]);   /* city first, the place last; returns how many */
enum result place_parse(struct str s, int64_t *ret_code) MUST_USE; /* exactly 12 digits of a place */

enum place_kind {            /* by the digits of the level, as the statistics office gives them out */
    PLACE_KIND_CITY = 1, PLACE_KIND_DISTRICT,
    PLACE_KIND_STREET,       /* 街道 001-099 */
    PLACE_KIND_TOWN,         /* 镇 100-199 */
    PLACE_KIND_TOWNSHIP,     /* 乡 200-399 */
    PLACE_KIND_STREET_LIKE,  /* parks, farms 400-599 */
    PLACE_KIND_RESIDENTS,    /* 居民委员会 001-199 */
    PLACE_KIND_VILLAGERS,    /* 村民委员会 200-399 */
    PLACE_KIND_RESIDENTS_LIKE, PLACE_KIND_VILLAGERS_LIKE,
    PLACE_KIND_OTHER
};
enum place_kind place_kind_of(int64_t code);
const char *place_kind_word(enum place_kind kind);        /* "residents_committee": for JSON and text keys */

/* ---- the tree ----------------------------------------------------------------------------------------- */

struct place {
    int64_t code, parent;
    enum place_level level;
    enum place_kind kind;
    struct str name;         /* 吴淞新城居委会 */
    int64_t valid_from, valid_to; /* ms; valid_to 0: still */
};
struct places { struct place *place; size_t n; };

enum result place_get(struct db *db, int64_t code, struct place *ret_place) MUST_USE;  /* ended ones too; E_NOT_FOUND */
void place_ahead(struct db *db, int64_t code); /* this read will ask for it (docs/statements.md) */
enum result place_children(struct db *db, int64_t code, bool ended_too, struct places *ret_places) MUST_USE;
enum result place_path(struct db *db, int64_t code, struct places *ret_places) MUST_USE; /* city first, the place last */
/* 「吴淞街道 吴淞新城居委会」: with the street in front, since names repeat in the city. */
enum result place_full_name(struct db *db, int64_t code, struct str *ret_name) MUST_USE;
/* Short for pages: 吴淞新城 (without 居民委员会, 居委会, 村委会 …; whole when nothing would be left). Points into name. */
struct str place_short_name(struct str name);
/* What a code stands for today: itself, or its successors, and theirs. E_NOT_FOUND when there is no such code. */
enum result place_now(struct db *db, int64_t code, struct places *ret_places) MUST_USE;
/* All that ever came of a code, the nearest first, ended or not; not itself. A part may have gone while the code goes on. */
enum result place_after(struct db *db, int64_t code, const int64_t **ret_codes, size_t *ret_n) MUST_USE;
/* The other direction: what has become the code, or a part of it, the nearest first; not itself. */
enum result place_before(struct db *db, int64_t code, const int64_t **ret_codes, size_t *ret_n) MUST_USE;
/* Who stands in for a code: itself while it is in force or unknown; once it has ended the first that it is today. The committee of that place keeps what stays
 * under the old code: closed reports, moderation of them, the book of hours. */
enum result place_heir(struct db *db, int64_t code, int64_t *ret_code) MUST_USE;
/* The other direction: the ended codes whose heir the place is, the nearest first. One that has only lost a part stands for itself. */
enum result place_stands_for(struct db *db, int64_t code, const int64_t **ret_codes, size_t *ret_n) MUST_USE;
/* When the place was founded by a merger or a split, out of others; 0: it was there before them, or has none. */
enum result place_came_of_others(struct db *db, const struct place *place, int64_t *ret_at) MUST_USE;
/* For what went along when a place merged or split, while its address is out in the world: asks `get` at each of place_after(), the nearest first, until one
 * has it. E_NOT_FOUND: none has. */
typedef enum result place_getter(struct db *db, int64_t code, int64_t id, void *ret);
enum result place_follow(struct db *db, int64_t code, int64_t id, place_getter *get, void *ret, int64_t *ret_code) MUST_USE;
/* Codes whose name contains the words; at most limit. Ended ones are not found. */
enum result place_search(struct db *db, struct str words, int64_t limit, struct places *ret_places) MUST_USE;
enum result place_count(struct db *db, enum place_level level, int64_t *ret_n) MUST_USE; /* those in force */

/* Founds a place (parent in force, code free). Writes the ledger of the parent. */
enum result place_found(struct db *db, int64_t code, struct str name, int64_t at, int64_t actor) MUST_USE;
enum result place_rename(struct db *db, int64_t code, struct str name, int64_t at, int64_t actor) MUST_USE;

/* Ends the old communities and names their successors, which may be new (name given) or already there (name empty).
 * n to 1 is a merger, 1 to n a split, 1 to 1 a new number. With one successor all estates, organisations and codes move to it; with
 * several the caller says where each estate goes (an estate not named goes to the first). A code that stands on both sides goes on: it gives
 * estates away or takes some in. Rows of the past stay with the old code. All in one transaction. E_NOT_FOUND: no such code; E_CONFLICT: ended
 * already, the new code is taken, or two estates of one name would meet; E_INVALID: several on both sides, or no communities. */
struct place_new { int64_t code; struct str name; };
struct place_moves { int64_t estate, to; };
struct place_change {
    const int64_t *from; size_t n_from;
    const struct place_new *to; size_t n_to;
    const struct place_moves *move; size_t n_moves;
    int64_t at, actor;
};
enum result place_succeed(struct db *db, const struct place_change *change) MUST_USE;
/* Modules whose rows live with a community and go along when a dwelling moves (residences, roster …). Set once at start. */
struct place_mover {
    const char *name;
    /* What belongs to the estate and to who lives there. NULL: nothing. Its dwellings are in both communities by then, those of the old one ended. */
    enum result (*move)(struct db *db, int64_t from, int64_t to, int64_t estate, int64_t at);
    /* Once for each community, behind its estates: what belongs to the community as a whole and its committee. heir: where that goes; 0: the community
     * goes on and keeps it. NULL: nothing. The successors are written down by then. */
    enum result (*settle)(struct db *db, int64_t from, int64_t heir, int64_t at);
};
/* For movers: rows that go along with a thing. Each table's are put into the new community, and then taken out of the old one; what others are found by comes last. */
struct place_part {
    enum result (*move)(struct db *db, int64_t from, int64_t to, int64_t of);
    enum result (*moved)(struct db *db, int64_t from, int64_t of);
};
enum result place_carry(struct db *db, int64_t from, int64_t to, int64_t of, const struct place_part *part, size_t n) MUST_USE;
void place_move_with(const struct place_mover *const *movers, size_t n);

/* ---- below a community -------------------------------------------------------------------------------- */

struct estate { int64_t community, id; struct str name, address, qr_code; int64_t valid_from, valid_to; };
struct building { int64_t community, id, estate; struct str name; int64_t position; };
struct dwelling { int64_t community, id, estate, building; struct str staircase, room; double exclusive_area; };
struct estates { struct estate *estate; size_t n; };
struct estate_name { int64_t id; struct str name; };
struct estate_names { struct estate_name *estate; size_t n; };
struct buildings { struct building *building; size_t n; };
struct dwellings { struct dwelling *dwelling; size_t n; };

/* Makes the estate with its code. E_CONFLICT: the community has one of that name. Sets id and qr_code. */
enum result estate_create(struct db *db, struct estate *e, int64_t at, int64_t actor) MUST_USE;
enum result estate_get(struct db *db, int64_t community, int64_t id, struct estate *ret) MUST_USE;
enum result estate_list(struct db *db, int64_t community, struct estates *ret) MUST_USE;
/* The names alone, for pages: of one, and of those to choose from. */
enum result estate_name(struct db *db, int64_t community, int64_t id, struct str *ret_name) MUST_USE;
enum result estate_names(struct db *db, int64_t community, struct estate_names *ret) MUST_USE;
void estate_name_ahead(struct db *db, int64_t community, int64_t id); /* as place_ahead */
void estate_names_ahead(struct db *db, int64_t community);
/* By the code on the poster, in any case of letters; ret_estate->community is the one in force. E_NOT_FOUND. */
enum result estate_by_code(struct db *db, struct str qr_code, struct estate *ret_estate) MUST_USE;
/* A new code; the old one is void at once (it was misused). */
enum result estate_renew_code(struct db *db, int64_t community, int64_t id, int64_t at, int64_t actor, struct str *ret_code) MUST_USE;
enum result building_create(struct db *db, struct building *b) MUST_USE;    /* E_CONFLICT: name is there; sets id */
enum result building_get(struct db *db, int64_t community, int64_t id, struct building *ret) MUST_USE;
enum result building_list(struct db *db, int64_t community, int64_t estate, struct buildings *ret) MUST_USE;
enum result dwelling_create(struct db *db, struct dwelling *d) MUST_USE;    /* E_CONFLICT: room is there; sets id */
enum result dwelling_get(struct db *db, int64_t community, int64_t id, struct dwelling *ret) MUST_USE;
enum result dwelling_list(struct db *db, int64_t community, int64_t building, struct dwellings *ret) MUST_USE;
/* By what people write: "3号楼", "3 号", "3" find building 3号楼; "502室", "502" room 502. E_NOT_FOUND. */
enum result building_find(struct db *db, int64_t community, int64_t estate, struct str name, struct building *ret) MUST_USE;
/* E_CONFLICT: several staircases have that room; 「1单元502」 says which. */
enum result dwelling_find(struct db *db, int64_t community, int64_t building, struct str room, struct dwelling *ret) MUST_USE;
/* The form under which buildings, staircases and rooms are compared: full-width signs to ASCII, lower case, without blanks and without
 * 号楼/号/幢/栋/座/楼/单元/门/室 at the end. */
struct str place_name_key(struct arena *a, struct str name);
/* The same for estates: nothing at the end is left out. */
struct str place_estate_key(struct arena *a, struct str name);
/* How many dwellings (households) a place of any level has in force. */
enum result dwelling_count(struct db *db, int64_t place, int64_t *ret_n) MUST_USE;

/* ---- organisations ------------------------------------------------------------------------------------- */

/* Kinds are the glossary's words: residents_committee, villagers_committee, party_organisation, owners_committee, property_company,
 * urban_management, community_police, family_doctor, social_organisation, charity, subdistrict_office, street_office, street_centre,
 * grid_centre, affairs_centre, community_station, department, mass_organisation, district_government, city_government, other. */
bool organisation_kind_known(struct str kind);
struct organisation {
    int64_t id, place;
    struct str kind, name, credit_code, phone;  /* phone: of the office, public */
    int64_t valid_from, valid_to;
};
struct organisations { struct organisation *organisation; size_t n; };
/* Creating: E_INVALID when the kind is unknown, the name is empty or the place is not in force. */
enum result organisation_create(struct db *db, struct organisation *o, int64_t at, int64_t actor) MUST_USE; /* sets id */
enum result organisation_get(struct db *db, int64_t id, struct organisation *ret) MUST_USE;                /* ended ones too */
enum result organisation_update(struct db *db, const struct organisation *o, int64_t at, int64_t actor) MUST_USE; /* name, phone, credit_code */
enum result organisation_end(struct db *db, int64_t id, int64_t at, int64_t actor) MUST_USE;
enum result organisation_list(struct db *db, int64_t place, struct organisations *ret) MUST_USE;            /* attached to the place itself */
/* Those that a report of the community can be handed to: attached to it or to a place above, or serving it. */
enum result organisation_for(struct db *db, int64_t community, struct organisations *ret) MUST_USE;
/* An organisation attached elsewhere also serves this place (a property company with several communities). */
enum result organisation_serve(struct db *db, int64_t id, int64_t place, bool serves) MUST_USE;
enum result organisation_below(struct db *db, int64_t place, int64_t after_id, int64_t limit, struct organisations *ret) MUST_USE; /* of the subtree */
/* The committee of a community, or the office of a place above; E_NOT_FOUND. */
enum result organisation_head_of(struct db *db, int64_t place, struct organisation *ret) MUST_USE;

#endif
