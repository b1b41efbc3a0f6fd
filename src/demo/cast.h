/* cast.h: who plays in the demo world: tables. */
#ifndef LILONG_DEMO_CAST_H
#define LILONG_DEMO_CAST_H

#include "civic/access/access.h"
#include "demo/demo.h"

/* ---- places below a community ---- */

struct demo_estate {
    int64_t community;
    const char *name, *address;
    int buildings, floors, rooms; /* rooms a floor */
};
enum { DEMO_ESTATES = 5 };
extern const struct demo_estate demo_estates[DEMO_ESTATES];

/* ---- organisations ---- */

enum demo_org {
    ORG_NONE,
    ORG_COMMITTEE, ORG_PROPERTY, ORG_POLICE, ORG_STREET, ORG_SQUAD, ORG_GRID, ORG_DISTRICT, ORG_CITY, ORG_LIFT, ORG_CLINIC,
    ORG_COMMITTEE_B, ORG_COMMITTEE_C, ORG_PROPERTY_C, ORG_STREET_C, ORG_GRID_C, ORG_CHARITY,
    DEMO_ORGS
};
struct demo_organisation {
    int64_t place;
    const char *kind, *name, *phone;
    int64_t serves; /* another place, or 0 */
};
extern const struct demo_organisation demo_organisations[DEMO_ORGS];

/* ---- staff ---- */

enum demo_staff {
    STAFF_SECRETARY, STAFF_DIRECTOR, STAFF_CADRE_1, STAFF_CADRE_2, STAFF_CADRE_3, STAFF_CADRE_4, STAFF_PROPERTY, STAFF_REPAIR,
    STAFF_POLICE, STAFF_SQUAD, STAFF_SQUAD_2, STAFF_GRID, STAFF_GRID_2, STAFF_STREET, STAFF_DISTRICT, STAFF_CITY, STAFF_ADMIN,
    STAFF_AUDITOR, STAFF_LIFT, STAFF_SECRETARY_B, STAFF_CADRE_B, STAFF_SECRETARY_C, STAFF_CADRE_C, STAFF_PROPERTY_C, STAFF_GRID_C,
    STAFF_DOCTOR, STAFF_CHARITY,
    DEMO_STAFF
};
struct demo_post {
    const char *name, *login, *title;
    bool male, party;
    enum demo_org org;
    enum role role;
};
extern const struct demo_post demo_posts[DEMO_STAFF];

/* ---- residents: the first ones by hand, the others out of the tables of names ---- */

struct demo_resident {
    const char *name;
    bool male, party;
    int estate, building, floor, room; /* of demo_estates; building, floor and room from 1 */
};
enum { DEMO_NAMED = 16 };
extern const struct demo_resident demo_named[DEMO_NAMED];
enum { ZHOU, WU, XU, CHEN, LU, TANG, YE, HE, QIAN, FANG, SHI, JIN, YAN, DU, WEI, QIN };

/* A made-up name of two or three characters, always the same for the same number. */
struct str demo_name(struct arena *a, unsigned n, bool male);
/* A resident ID with a fitting check digit: region 310100 (the formal level 市辖区: no person has it), born on `day`. */
struct str demo_document(struct arena *a, int32_t born, unsigned n, bool male);
struct str demo_mobile(struct arena *a, unsigned n);
/* 0 … 1, always the same for the same number. */
double demo_spread(unsigned n);

#endif
