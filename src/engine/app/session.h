/* session.h: the browsers that a person is signed in with, for "my devices" and for ending them. */
#ifndef LILONG_APP_SESSION_H
#define LILONG_APP_SESSION_H

#include "engine/app/app.h"

struct session_row {
    int64_t id;
    struct str device;        /* "WeChat · iPhone"; empty when the browser did not say */
    bool staff;
    bool current;             /* the one that asks */
    int64_t created_at, seen_at, expires_at;
};

/* The live sessions of rq->person, last seen first. In the request's arena. */
enum result session_list(struct request *rq, struct session_row **ret_rows, size_t *ret_n) MUST_USE;
/* Ends one of rq->person's own sessions. E_NOT_FOUND when it is not theirs. */
enum result session_end_one(struct request *rq, int64_t session) MUST_USE;

/* "WeChat · iPhone" of a User-Agent header: proper names only, so that no language is needed. In the arena or static. */
struct str session_device(struct arena *a, struct str user_agent);

#endif
