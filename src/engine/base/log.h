/* log.h: one JSON object a line on standard error. Never a name, a phone or an ID number in it. */
#ifndef LILONG_BASE_LOG_H
#define LILONG_BASE_LOG_H

#include "engine/base/str.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

struct log_field {
    const char *key;
    enum { LOG_FIELD_STR, LOG_FIELD_INT } kind;
    struct str text;
    int64_t number;
};

#define LOG_STR(key, s) ((struct log_field){(key), LOG_FIELD_STR, (s), 0})
#define LOG_CSTR(key, s) ((struct log_field){(key), LOG_FIELD_STR, str_from_cstr(s), 0})
#define LOG_INT(key, n) ((struct log_field){(key), LOG_FIELD_INT, {NULL, 0}, (n)})

/* log_info("db.open", LOG_CSTR("engine", "sqlite"), LOG_INT("readers", 2)) -> {"time":…,"level":"info","event":"db.open",…} */
void log_line(enum log_level level, const char *event, const struct log_field *fields, size_t n);
void log_set_level(enum log_level least);

#define LOG_FIELDS(...) ((const struct log_field[]){__VA_ARGS__}), sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field)
#define log_debug(event, ...) log_line(LOG_LEVEL_DEBUG, event, LOG_FIELDS(__VA_ARGS__))
#define log_info(event, ...) log_line(LOG_LEVEL_INFO, event, LOG_FIELDS(__VA_ARGS__))
#define log_warn(event, ...) log_line(LOG_LEVEL_WARN, event, LOG_FIELDS(__VA_ARGS__))
#define log_error(event, ...) log_line(LOG_LEVEL_ERROR, event, LOG_FIELDS(__VA_ARGS__))

#endif
