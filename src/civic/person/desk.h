/* desk.h: what the desk's routes of this room share. Nobody else includes it. */
#ifndef LILONG_CIVIC_PERSON_DESK_H
#define LILONG_CIVIC_PERSON_DESK_H

#include "civic/person/person.sql.h"
#include "civic/person/room.h"

/* The community of the post that the viewer works as, and one residence of it where the path names one. */
struct desk_subject {
    struct subject_scope scope; /* first: the pipeline checks rights against it; place 0 without a post in a community */
    const struct viewer_post *post;
    struct sql_residence_get residence;
};
extern const struct subject_kind desk_here;

#endif
