/* routes.h: what the route files of this folder share. */
#ifndef LILONG_BOARDS_REPORT_ROUTES_H
#define LILONG_BOARDS_REPORT_ROUTES_H

#include "boards/report/present.h"

enum { REPORT_READ_ROUTES = 3, REPORT_WRITE_ROUTES = 15 };
extern const struct route report_read_routes[REPORT_READ_ROUTES];
extern const struct route report_write_routes[REPORT_WRITE_ROUTES];

enum result report_show(struct request *rq);      /* also the form once more */
enum result report_write_new(struct request *rq); /* the same; in care mode its first screen */

#endif
