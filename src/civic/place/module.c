/* module.c: this room as the rest of the program sees it. */
#include "civic/place/place_module.h"

#include "civic/place/routes.h"

const struct module place_module = {.name = "place", .routes = place_code_routes, .n_routes = PLACE_CODE_ROUTES};
const struct module place_estates_module = {
    .name = "place.estates", .routes = place_estate_routes, .n_routes = PLACE_ESTATE_ROUTES};
const struct module place_organisations_module = {
    .name = "place.organisations", .routes = place_organisation_routes, .n_routes = PLACE_ORGANISATION_ROUTES};

static const struct desk_item items[] = {
    {T_place_desk_places, T_place_desk_group, "/desk/places", CAP_PLACE_EDIT, NULL},
    {T_place_desk_organisations, T_place_desk_group, "/desk/organisations", CAP_ORGANISATION_EDIT, NULL},
};

const struct desk_table place_desk = {items, sizeof items / sizeof *items};
