/* start.h: what the files of this folder share. Nobody else includes it. */
#ifndef LILONG_CIVIC_HOME_START_H
#define LILONG_CIVIC_HOME_START_H

#include "civic/home/home.h"
#include "civic/home/views/home_page.html.h"

enum result home_start(struct request *rq);    /* start.c: GET /p/{place}/write */
/* contacts.c: whom a resident can find here, with the officers that the boards name. */
enum result home_contacts(struct request *rq, const struct home_table *const *tables, size_t n_tables, struct home_page_view *view) MUST_USE;

#endif
