/* year.h: a year of a whole district, made through the rules that hold for everybody: for measuring, and for looking at a full house.
 *
 * The same number and the same moment give the same year. Pictures are left out: reports have words only. */
#ifndef LILONG_DEMO_YEAR_H
#define LILONG_DEMO_YEAR_H

#include <stdio.h>

#include "civic/service/service.h"

struct year_scale {
    const char *name;
    int communities;   /* of Baoshan, in the order of their codes; the story's own is always among them */
    int households, people, party_members, officers;
    int reports;
    int taps;          /* comments, thumbs, follows and joins for one report, on the average */
    int entries;       /* of 邻里交流 */
    int talk_taps;     /* comments and thumbs for one of them, on the average */
    int notices;       /* of the committees; every tenth must be read */
    int swaps;         /* what neighbours give, lend, sell, ask and offer */
    int days;          /* activities */
    int slots;         /* times of services that can be booked */
    int votes;         /* whether a matter of the guide was of use */
    int questions;     /* to the police */
};
extern const struct year_scale year_scales[];
const struct year_scale *year_scale_named(const char *name); /* NULL: none */

struct year_options {
    struct database *database;
    const struct services *services;
    const struct year_scale *scale;
    unsigned seed;
    int64_t now;       /* the moment at which it ends: ten months after it began */
    FILE *progress;    /* a bar; NULL: none */
};
int64_t year_beginning(int64_t now);

/* Goes on where an earlier run has stopped. *ret_steps: what was planned; *ret_skipped: those of this run that the rules refused (a comment on what has been closed
 * meanwhile, a second sign-up). */
enum result year_build(const struct year_options *o, struct arena *a, int64_t *ret_steps, int64_t *ret_skipped) MUST_USE;

#endif
