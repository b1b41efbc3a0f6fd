/* frame.h: what stands around every page: place, person, language, navigation, flash; and the desk's left column.
 *
 * The boards say what the desk shows of them (struct desk_item); the list of modules in main hands the tables in. */
#ifndef LILONG_CIVIC_FRAME_H
#define LILONG_CIVIC_FRAME_H

#include "engine/app/app.h"

struct viewer_post;

/* One line of the desk's left column. Its number always equals the list behind it: both come from the same statement. */
struct desk_item {
    enum text label;
    enum text group;             /* heading above it; the same as the one before: no new heading */
    const char *path;            /* "/desk?list=answer" */
    int need;                    /* capability over the post's place; the item is not there without it */
    /* How many wait, and how many of them are late, for this post. NULL: no number. E_NOT_FOUND: it is nothing for this post, and stands not there. */
    enum result (*count)(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting, int64_t *ret_late);
};
struct desk_table { const struct desk_item *item; size_t n; };
void frame_use_desk(const struct desk_table *const *tables, size_t n);   /* once, at start */

/* The post by which the viewer works at the desk: the one chosen in the session, or the first. NULL: no desk. */
const struct viewer_post *desk_post(struct request *rq);

/* For app_policy. */
void frame_ahead(struct request *rq);
enum result frame_fill(struct request *rq, const void **ret_frame);
enum result frame_error_page(struct request *rq, int status, enum text title, enum text message);

#endif
