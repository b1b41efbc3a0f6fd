/* routes.h: what the pages of this folder share. */
#ifndef LILONG_BOARDS_SERVICE_ROUTES_H
#define LILONG_BOARDS_SERVICE_ROUTES_H

#include "boards/service/rules.h"

enum result provider_show(struct request *rq);
/* The face of an account; the other faces of an entry are in provider_show(). */
enum result property_show(struct request *rq, const struct sql_property_account_get *account);
extern const struct view_info property_account_info;
enum text booking_state_text(struct str state);
struct url slot_url(struct request *rq, int64_t slot);                  /* of a slot on the board of the request */
struct viewer;
int64_t viewer_home_below(const struct viewer *viewer, int64_t place);  /* the community at or below the place in which the viewer lives, verified; 0: none */
bool board_is_of(struct request *rq, const struct board_subject *s, const char *kind); /* owned by this kind of organisations: "property_company" */

#endif
