/* desk.h: what the desk's route files of this folder share. */
#ifndef LILONG_BOARDS_REPORT_DESK_H
#define LILONG_BOARDS_REPORT_DESK_H

#include "boards/report/present.h"
#include "civic/access/access.h"
#include "civic/frame/frame.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"

enum { REPORT_DESK_ROUTES = 7, REPORT_ACT_ROUTES = 16 };
extern const struct route report_desk_routes[REPORT_DESK_ROUTES]; /* what staff see */
extern const struct route report_act_routes[REPORT_ACT_ROUTES];   /* what staff do */

enum result desk_report_page(struct request *rq);

#endif
