/* place_module.h: the routes of this room, and its lines at the desk. */
#ifndef LILONG_CIVIC_PLACE_MODULE_H
#define LILONG_CIVIC_PLACE_MODULE_H

#include "civic/frame/frame.h"
#include "engine/app/app.h"

extern const struct module place_module;              /* /q/{code}: the codes at the gates */
extern const struct module place_estates_module;      /* /desk/places */
extern const struct module place_organisations_module; /* /desk/organisations */
extern const struct desk_table place_desk;

/* "https://lilong.example.cn": the setting listen.public_url, or where this request came to. E_INVALID: no usable Host. */
enum result place_public_address(const struct request *rq, struct str *ret_address) MUST_USE;

#endif
