/* params.c: what came in (query, form, multipart, JSON) becomes typed values by the route's table, or errors by field. */
#include <math.h>
#include <sodium.h>
#include <stdlib.h>

#include "engine/app/internal.h"
#include "engine/app/json_in.h"

enum { LIST_MAX = 1000 };

/* WeChat and others hang these on a link that somebody shares; they say nothing to us. */
static const char *const hung_on[] = {
    "from",
    "isappinstalled",
    "scene",
    "subscene",
    "clicktime",
    "enterid",
    "nsukey",
    "sharer_shareinfo",
    "sharer_shareinfo_first",
    "wechat_redirect",
    "utm_source",
    "utm_medium",
    "utm_campaign",
};

/* ---- reading the body ----------------------------------------------------------------------------------- */

static void broken(struct request *rq, int status, enum text why)
{
    struct input *in = &rq->private->input;

    if (in->broken)
        return;
    in->broken = true;
    in->status = status;
    in->why = why;
}

static void add_field(struct request *rq, struct form_field f)
{
    struct input *in = &rq->private->input;

    if (str_eq(f.name, STR("_csrf")) && !f.is_file) {
        if (in->csrf.len)
            broken(rq, 400, T_app_field_duplicate);
        in->csrf = f.value;
        return;
    }
    if (str_eq(f.name, STR("_key")) && !f.is_file) {
        if (in->key.len)
            broken(rq, 400, T_app_field_duplicate);
        in->key = f.value;
        return;
    }
    if (str_eq(f.name, STR("_version")) && !f.is_file) {
        if (in->version.len)
            broken(rq, 400, T_app_field_duplicate);
        in->version = f.value;
        return;
    }
    if (str_eq(f.name, STR("_sure")) && !f.is_file) {
        if (in->sure.len)
            broken(rq, 400, T_app_field_duplicate);
        in->sure = f.value;
        return;
    }
    if (in->n % 32 == 0) {
        struct form_field *more = arena_array(rq->arena, struct form_field, in->n + 32);
        if (in->n)
            memcpy(more, in->field, in->n * sizeof(*more));
        in->field = more;
    }
    in->field[in->n++] = f;
}

static void read_form(struct request *rq, enum result r, const struct form *form)
{
    if (r == E_TOO_LARGE) {
        broken(rq, 413, T_app_too_large_text);
        return;
    }
    if (r != OK) {
        broken(rq, 400, rq->private->input.is_json ? T_app_field_json : T_app_bad_request_text);
        return;
    }
    for (size_t i = 0; i < form->n; i++)
        add_field(rq, form->field[i]);
}

static size_t files_wanted(const struct route *route)
{
    size_t n = 0;

    for (size_t i = 0; i < route->n_params; i++)
        if (route->params[i].kind == PARAM_FILE)
            n += route->params[i].max > 0 ? (size_t)route->params[i].max : 1;
    return n;
}

void input_read(struct request *rq)
{
    struct http_exchange *x = rq->x;
    struct form form = {0};
    enum result r;

    if (x->query.len) {
        r = form_parse_urlencoded(rq->arena, x->query, &form);
        read_form(rq, r, &form);
        form = (struct form){0};
        rq->private->input.csrf = rq->private->input.key = rq->private->input.version =
            STR_NONE; /* never from an address */
    }
    if (!is_unsafe(x->method))
        return;
    /* A webhook without parameters reads rq->x->body itself, whatever its type is. */
    if ((rq->route->flags & ROUTE_NO_CSRF) && rq->route->n_params == 0)
        return;
    struct str type = http_header(x, STR("Content-Type")), main = type, head;
    if (str_cut(&main, ';', &head))
        head = str_trim(head);
    else
        head = STR_NONE;
    if (str_eq_ci(head, STR("application/json"))) {
        rq->private->input.is_json = true;
        if (x->body.len) {
            r = json_in_read(rq->arena, x->body, &form);
            read_form(rq, r, &form);
        }
    } else if (str_eq_ci(head, STR("application/x-www-form-urlencoded"))) {
        rq->private->input.is_form = true;
        r = form_parse_urlencoded(rq->arena, x->body, &form);
        read_form(rq, r, &form);
    } else if (str_eq_ci(head, STR("multipart/form-data"))) {
        rq->private->input.is_form = true;
        r = form_parse_multipart(rq->arena, type, x->body, files_wanted(rq->route), &form);
        read_form(rq, r, &form);
    } else if (x->body.len) {
        broken(rq, 415, T_app_unsupported_text);
    }
}

static void hash_str(crypto_generichash_state *s, struct str v)
{
    uint64_t len = v.len;

    crypto_generichash_update(s, (const unsigned char *)&len, sizeof(len));
    if (v.len)
        crypto_generichash_update(s, (const unsigned char *)v.ptr, v.len);
}

/* The fields without the tokens: a page that is loaded again has other tokens, a multipart body another boundary. */
void input_hash(const struct request *rq, unsigned char ret[32])
{
    const struct input *in = &rq->private->input;
    crypto_generichash_state s;

    crypto_generichash_init(&s, NULL, 0, 32);
    hash_str(&s, rq->x->path);
    for (size_t i = 0; i < in->n; i++) {
        hash_str(&s, in->field[i].name);
        hash_str(&s, in->field[i].value);
        hash_str(&s, in->field[i].filename);
    }
    crypto_generichash_final(&s, ret, 32);
}

/* ---- one value ------------------------------------------------------------------------------------------------ */

static enum text number_range(const struct param *p, int64_t n)
{
    if (p->min == 0 && p->max == 0)
        return T_none;
    return n < p->min || n > p->max ? T_app_field_range : T_none;
}

static enum text parse_text(const struct param *p, struct str raw, struct param_value *v)
{
    struct str s = raw;
    int64_t max = p->max ? p->max : p->kind == PARAM_TEXT ? 200 : 5000;

    if (!str_utf8_text(s))
        return T_app_field_text;
    s = str_trim(s);
    if (p->kind == PARAM_TEXT && s.len && memchr(s.ptr, '\n', s.len))
        return T_app_field_line;
    if (s.len == 0)
        return T_none;
    int64_t n = (int64_t)str_utf8_count(s);
    if (n < p->min)
        return T_app_field_too_short;
    if (n > max)
        return T_app_field_too_long;
    v->given = true;
    v->text = s;
    return T_none;
}

static enum text parse_choice(const struct param *p, struct str raw, struct param_value *v)
{
    struct str rest = str_from_cstr(p->choices), word;

    for (int64_t i = 0; str_cut(&rest, ',', &word); i++)
        if (str_eq(str_trim(word), raw)) {
            v->given = true;
            v->number = i;
            v->text = raw;
            return T_none;
        }
    return T_app_field_choice;
}

static enum text parse_bool(struct str s, struct param_value *v)
{
    bool yes = str_eq(s, STR("1")) || str_eq(s, STR("on")) || str_eq(s, STR("true"));

    if (!yes && !str_eq(s, STR("0")) && !str_eq(s, STR("off")) && !str_eq(s, STR("false")))
        return T_app_field_bool;
    v->given = true;
    v->number = yes;
    return T_none;
}

static bool two_digits(struct str s, size_t at, int max, int *ret)
{
    if (s.ptr[at] < '0' || s.ptr[at] > '9' || s.ptr[at + 1] < '0' || s.ptr[at + 1] > '9')
        return false;
    *ret = (s.ptr[at] - '0') * 10 + s.ptr[at + 1] - '0';
    return *ret <= max;
}

/* RFC 3339, or what <input type="datetime-local"> sends (Shanghai's clock): 2026-02-17T09:30, with seconds or without. */
static enum text parse_time(struct str s, struct param_value *v)
{
    int32_t day;
    int hour, minute, second = 0;

    if ((s.len == 16 || s.len == 19) && (s.ptr[10] == 'T' || s.ptr[10] == ' ') && s.ptr[13] == ':') {
        if (day_parse(str_sub(s, 0, 10), &day) != OK || !two_digits(s, 11, 23, &hour) ||
            !two_digits(s, 14, 59, &minute))
            return T_app_field_time;
        if (s.len == 19 && (s.ptr[16] != ':' || !two_digits(s, 17, 59, &second)))
            return T_app_field_time;
        v->number = day_start(day) + hour * TIME_HOUR + minute * TIME_MINUTE + second * TIME_SECOND;
    } else if (time_parse(s, &v->number) != OK) {
        return T_app_field_time;
    }
    v->given = true;
    return T_none;
}

/* [-]digits[.digits], nothing else: strtod alone would take blanks, hex, "nan" and the locale's comma. */
static bool parse_real(struct str s, double *ret)
{
    char text[40];
    size_t digits = 0, points = 0;

    if (s.len == 0 || s.len >= sizeof(text))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] >= '0' && s.ptr[i] <= '9')
            digits++;
        else if (s.ptr[i] == '.' && points == 0 && digits)
            points++;
        else if (!(s.ptr[i] == '-' && i == 0))
            return false;
    }
    if (!digits || s.ptr[s.len - 1] == '.')
        return false;
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    *ret = strtod(text, NULL);
    return isfinite(*ret);
}

static enum text parse_one(const struct param *p, struct str raw, struct param_value *v)
{
    struct str s = str_trim(raw);
    int32_t day;
    enum text wrong = T_none;

    if (p->kind == PARAM_TEXT || p->kind == PARAM_LINES)
        return parse_text(p, raw, v);
    if (s.len == 0)
        return T_none; /* an empty field of a form is one that was not filled in */
    switch (p->kind) {
    case PARAM_INT:
        if (str_int64(s, INT64_MIN, INT64_MAX, &v->number) != OK)
            return T_app_field_number;
        wrong = number_range(p, v->number);
        v->given = wrong == T_none;
        return wrong;
    case PARAM_ID:
        if (str_int64(s, 1, INT64_MAX, &v->number) != OK)
            return T_app_field_id;
        v->given = true;
        return T_none;
    case PARAM_BOOL: return parse_bool(s, v);
    case PARAM_CHOICE: return parse_choice(p, s, v);
    case PARAM_DATE:
        if (day_parse(s, &day) != OK)
            return T_app_field_date;
        v->number = day;
        v->given = true;
        return T_none;
    case PARAM_TIME: return parse_time(s, v);
    case PARAM_REAL:
        if (!parse_real(s, &v->real))
            return T_app_field_real;
        if ((p->min || p->max) && (v->real < (double)p->min || v->real > (double)p->max))
            return T_app_field_range;
        v->given = true;
        return T_none;
    default: return T_app_field_unknown;
    }
}

/* ---- all of them ------------------------------------------------------------------------------------------------ */

static const struct param *find_param(const struct route *route, struct str name, size_t *ret_i)
{
    for (size_t i = 0; i < route->n_params; i++)
        if (str_eq(str_from_cstr(route->params[i].name), name)) {
            *ret_i = i;
            return &route->params[i];
        }
    return NULL;
}

/* Line ends of a browser's textarea are CR LF; texts are kept with LF. */
static struct str without_cr(struct arena *a, struct str s)
{
    if (!s.len || !memchr(s.ptr, '\r', s.len))
        return s;
    struct buf b;
    buf_init(&b, a, s.len, s.len);
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '\r')
            buf_putc(&b, s.ptr[i]);
        else if (i + 1 == s.len || s.ptr[i + 1] != '\n')
            buf_putc(&b, '\n');
    return buf_str(&b);
}

static void keep_typed(struct request *rq, struct str name, struct str value)
{
    struct request_private *pr = rq->private;

    if (!str_utf8_text(value))
        return;
    if (pr->n_typed == pr->room_typed) {
        size_t room = pr->room_typed ? pr->room_typed * 2 : 16;
        struct form_value *more = arena_array(rq->arena, struct form_value, room);
        if (pr->n_typed)
            memcpy(more, pr->typed, pr->n_typed * sizeof(*more));
        pr->typed = more;
        pr->room_typed = room;
    }
    pr->typed[pr->n_typed++] = (struct form_value){name, value};
    rq->form.value = pr->typed;
    rq->form.n_values = pr->n_typed;
}

static bool is_hung_on(struct str name)
{
    for (size_t i = 0; i < sizeof(hung_on) / sizeof(hung_on[0]); i++)
        if (str_eq(name, str_from_cstr(hung_on[i])))
            return true;
    return false;
}

static size_t count_named(const struct input *in, struct str name, bool files)
{
    size_t n = 0;

    for (size_t i = 0; i < in->n; i++)
        n += in->field[i].is_file == files && str_eq(in->field[i].name, name);
    return n;
}

static enum text take_list(struct request *rq, const struct param *p, struct param_value *v)
{
    const struct input *in = &rq->private->input;
    struct str name = str_from_cstr(p->name);
    size_t n = count_named(in, name, false);
    int64_t *ids = arena_array(rq->arena, int64_t, n ? n : 1);
    size_t max = p->max > 0 ? (size_t)p->max : LIST_MAX, filled = 0;

    for (size_t i = 0; i < in->n; i++) {
        if (in->field[i].is_file || !str_eq(in->field[i].name, name))
            continue;
        struct str s = str_trim(in->field[i].value);
        if (s.len == 0)
            continue;
        if (str_int64(s, 1, INT64_MAX, &ids[filled]) != OK)
            return T_app_field_list;
        filled++;
    }
    if (filled > max)
        return T_app_field_too_many;
    if (filled && (int64_t)filled < p->min)
        return T_app_field_required;
    v->given = filled > 0;
    v->list = ids;
    v->n_list = filled;
    return T_none;
}

static enum text take_files(struct request *rq, const struct param *p, struct param_value *v)
{
    const struct input *in = &rq->private->input;
    struct str name = str_from_cstr(p->name);
    size_t n = count_named(in, name, true), max = p->max > 0 ? (size_t)p->max : 1, filled = 0;
    struct form_field *files = arena_array(rq->arena, struct form_field, n ? n : 1);

    for (size_t i = 0; i < in->n; i++) {
        const struct form_field *f = &in->field[i];
        if (!f->is_file || !str_eq(f->name, name))
            continue;
        if (p->max_bytes && f->value.len > p->max_bytes)
            return T_app_field_file_large;
        files[filled++] = *f;
    }
    if (filled > max)
        return T_app_field_too_many;
    v->given = filled > 0;
    v->file = files;
    v->n_files = filled;
    return T_none;
}

static bool has_error(const struct request *rq, const char *field)
{
    for (size_t i = 0; i < rq->private->n_errors; i++)
        if (str_eq(rq->private->error[i].field, str_from_cstr(field)))
            return true;
    return false;
}

static void take_fields(struct request *rq, bool lenient, bool *seen)
{
    struct request_private *pr = rq->private;

    for (size_t i = 0; i < pr->input.n; i++) {
        struct form_field f = pr->input.field[i];
        size_t at = 0;
        const struct param *p = find_param(rq->route, f.name, &at);
        if (!p) {
            if (!lenient && !(rq->x->method == HTTP_GET && is_hung_on(f.name)) &&
                !(rq->x->method == HTTP_HEAD && is_hung_on(f.name)))
                request_error(rq, str_cstr(rq->arena, f.name), T_app_field_unknown);
            continue;
        }
        if (p->kind == PARAM_FILE || p->kind == PARAM_LIST) {
            if (p->kind == PARAM_LIST && !lenient)
                keep_typed(rq, f.name, f.value);
            continue;
        }
        if (f.is_file) {
            if (!lenient)
                request_error(rq, p->name, T_app_field_unknown);
            continue;
        }
        if (seen[at]) { /* which of the two is meant? Another program in front may have looked at the other one */
            if (!lenient) {
                request_error(rq, p->name, T_app_field_duplicate);
                broken(rq, 400, T_app_field_duplicate);
            }
            continue;
        }
        seen[at] = true;
        f.value = without_cr(rq->arena, f.value);
        if (!p->secret && !lenient)
            keep_typed(rq, f.name, f.value);
        enum text wrong = parse_one(p, f.value, &pr->value[at]);
        if (wrong != T_none) {
            pr->value[at] = (struct param_value){0};
            if (!lenient)
                request_error(rq, p->name, wrong);
        }
    }
}

void params_parse(struct request *rq, bool lenient)
{
    struct request_private *pr = rq->private;
    const struct route *route = rq->route;
    bool *seen = arena_array(rq->arena, bool, route->n_params + 1);

    pr->value = arena_array(rq->arena, struct param_value, route->n_params + 1);
    if (!lenient)
        pr->keep_typed = is_unsafe(rq->x->method);
    take_fields(rq, lenient, seen);
    for (size_t i = 0; i < route->n_params; i++) {
        const struct param *p = &route->params[i];
        enum text wrong = p->kind == PARAM_LIST ? take_list(rq, p, &pr->value[i])
                        : p->kind == PARAM_FILE ? take_files(rq, p, &pr->value[i])
                                                : T_none;
        if (lenient)
            continue;
        if (wrong != T_none)
            request_error(rq, p->name, wrong);
        else if (p->required && !pr->value[i].given && !has_error(rq, p->name))
            request_error(rq, p->name, p->kind == PARAM_FILE ? T_app_field_file : T_app_field_required);
    }
}

/* ---- for handlers -------------------------------------------------------------------------------------------------- */

bool param_given(const struct request *rq, size_t i)
{
    return rq->private->value[i].given;
}

struct str param_text(const struct request *rq, size_t i)
{
    return rq->private->value[i].text;
}

int64_t param_int(const struct request *rq, size_t i)
{
    return rq->private->value[i].number;
}

double param_real(const struct request *rq, size_t i)
{
    return rq->private->value[i].real;
}

size_t param_list(const struct request *rq, size_t i, const int64_t **ret_ids)
{
    *ret_ids = rq->private->value[i].list;
    return rq->private->value[i].n_list;
}

size_t param_files(const struct request *rq, size_t i, const struct form_field **ret_files)
{
    *ret_files = rq->private->value[i].file;
    return rq->private->value[i].n_files;
}

void request_error(struct request *rq, const char *field, enum text message)
{
    struct request_private *pr = rq->private;

    if (pr->n_errors == ERRORS_MAX)
        return;
    if (!pr->error)
        pr->error = arena_array(rq->arena, struct form_error, ERRORS_MAX);
    pr->error[pr->n_errors++] = (struct form_error){.field = str_from_cstr(field), .message = message};
    rq->form.error = pr->error;
    rq->form.n_errors = pr->n_errors;
}

enum result request_invalid(struct request *rq, const char *field, enum text message)
{
    request_error(rq, field, message);
    return E_INVALID;
}

enum result request_invalid_words(struct request *rq, const char *field, enum text message, struct str words)
{
    size_t before = rq->private->n_errors;

    request_error(rq, field, message);
    if (rq->private->n_errors > before)
        rq->private->error[before].words = str_dup(rq->arena, words);
    return E_INVALID;
}

struct str request_sure(const struct request *rq)
{
    return rq->private->input.sure;
}

enum result request_refuse(struct request *rq, enum result r, enum text message)
{
    rq->private->refused = r;
    rq->private->refusal = message;
    return r;
}

void form_default(struct request *rq, const char *name, struct str value)
{
    struct request_private *pr = rq->private;
    enum { CURRENT_MAX = 16 };

    if (rq->form.changed && rq->form.n_current < CURRENT_MAX) {
        if (!pr->current)
            rq->form.current = pr->current = arena_array(rq->arena, struct form_value, CURRENT_MAX);
        pr->current[rq->form.n_current++] = (struct form_value){str_from_cstr(name), value};
    }
    if (pr->keep_typed)
        return; /* an unticked box came in as nothing: nothing is what was chosen */
    for (size_t i = 0; i < pr->n_typed; i++)
        if (str_eq(pr->typed[i].name, str_from_cstr(name)))
            return;
    keep_typed(rq, str_from_cstr(name), value);
}
