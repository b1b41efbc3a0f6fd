/* hours_world_test.h: the lane with a line in the book of hours, and the people who look at it; for the tests of corrections and certificates. A test includes
 * civic/home/lane_test.h as well. */
#ifndef LILONG_CIVIC_HOURS_WORLD_TEST_H
#define LILONG_CIVIC_HOURS_WORLD_TEST_H

#include <stdio.h>

#include "civic/home/lane_test.h"
#include "civic/hours/certificate.h"
#include "civic/hours/hours.h"
#include "civic/person/account.h"
#include "civic/person/join.h"
#include "civic/service/service.h"

static const struct module *const hours_modules[] = {&lane_module,       &home_module,         &board_module,
                                                     &hours_module,      &notify_module,       &data_module,
                                                     &hours_certificate_module, &hours_desk_module, &hours_contest_module};
static const struct desk_table *const hours_desks[] = {&hours_desk};
static const struct me_table *const hours_mes[] = {&hours_me};
static struct services hours_services;
static int64_t help_line; /* 90 minutes of lane.resident, who has helped lane.waiting today */
static struct browser *zhou, *song, *wang, *shen; /* the helper, the secretary, the cadre, the officer of the street */

/* That line, to begin others with. */
static inline struct hours_new hours_of_help(void)
{
    return (struct hours_new){.community = HERE,
                              .helper = lane.resident,
                              .helped = lane.waiting,
                              .confirmed_by = lane.waiting,
                              .minutes = 90,
                              .day = day_of(time_now()),
                              .what = STR("陪同就医"),
                              .subject_kind = STR("exchange"),
                              .subject = 1};
}

static inline enum result hours_fill(struct db *db, void *arg)
{
    const struct hours_new help = hours_of_help();

    (void)arg;
    LANE_TRY(person_rename(db, hours_services.keys, lane.resident, STR("周小芬")));
    return hours_add(db, &help, time_now(), &help_line);
}

static inline int hours_setup(void **state)
{
    (void)state;
    hours_services = (struct services){.keys = crypto_keys_for_test()};
    lane_services = &hours_services;
    frame_use_desk(hours_desks, 1);
    me_use(hours_mes, 1);
    lane_open(hours_modules, sizeof hours_modules / sizeof *hours_modules, NULL);
    test_write(t, hours_fill, NULL);
    zhou = lane_browser(lane.resident);
    song = lane_browser(lane.secretary);
    wang = lane_browser(lane.cadre);
    shen = lane_browser(lane.officer);
    return 0;
}

static inline int hours_teardown(void **state)
{
    (void)state;
    test_app_close(t);
    crypto_keys_close(hours_services.keys);
    lane_services = NULL;
    frame_use_desk(NULL, 0);
    me_use(NULL, 0);
    return 0;
}

#define words(...) test_path(t, __VA_ARGS__)

#endif
