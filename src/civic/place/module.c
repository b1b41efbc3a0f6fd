/* module.c: this room as the rest of the program sees it. */
#include "civic/place/place_module.h"
#include "civic/place/routes.h"

const struct module place_module = {.name = "place", .routes = place_code_routes, .n_routes = PLACE_CODE_ROUTES};
