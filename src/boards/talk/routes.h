/* routes.h: what the files of this folder share. */
#ifndef LILONG_BOARDS_TALK_ROUTES_H
#define LILONG_BOARDS_TALK_ROUTES_H

#include "boards/talk/rules.h"

enum { TALK_WAITING, TALK_PUBLISHED, TALK_DECLINED, TALK_WITHDRAWN };
enum { TALK_ACCEPT, TALK_DECLINE, TALK_WITHDRAW };
enum { TALK_BY_AUTHOR = 1, TALK_BY_RUNNER = 2 };
enum { TALK_NEEDS_REASON = 1 };

/* The box to tick below a form, when the viewer has not said yes to the house rules that hold now. */
enum result talk_house_agree(struct request *rq, const struct entry_actor *actor, int64_t version) MUST_USE;
struct url talk_rules_url(struct request *rq);
struct url talk_group_url(struct request *rq, int64_t id);

#endif
