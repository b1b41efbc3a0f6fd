/* routes.h: what the routes of this folder share. */
#ifndef LILONG_BOARDS_EXCHANGE_ROUTES_H
#define LILONG_BOARDS_EXCHANGE_ROUTES_H

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])

#endif
