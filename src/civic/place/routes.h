/* routes.h: what the route files of this folder share. */
#ifndef LILONG_CIVIC_PLACE_ROUTES_H
#define LILONG_CIVIC_PLACE_ROUTES_H

#include "civic/place/place_module.h"
#include "civic/place/place_subject.h"

struct url place_code_url(struct request *rq, struct str code, const char *tail); /* /q/CODE, "/poster.pdf" */

/* How many there are: a module's table needs it when it is compiled. */
enum { PLACE_CODE_ROUTES = 4, PLACE_ESTATE_ROUTES = 11, PLACE_ORGANISATION_ROUTES = 8 };
extern const struct route place_code_routes[PLACE_CODE_ROUTES];
extern const struct route place_estate_routes[PLACE_ESTATE_ROUTES];
extern const struct route place_organisation_routes[PLACE_ORGANISATION_ROUTES];

#endif
