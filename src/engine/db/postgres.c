#include "engine/db/private.h"
const struct engine engine_postgres = {.name = "postgres", .postgres = true};
