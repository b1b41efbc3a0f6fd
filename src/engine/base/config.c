/* config.c: the table of settings, and how a value finds its way in. */
#include "engine/base/config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum kind { TEXT, INT, CHOICE };
enum origin { ORIGIN_DEFAULT, ORIGIN_FILE, ORIGIN_ENVIRONMENT, ORIGIN_FLAG };
enum { TEXT_MAX = 2000, SECRET = 1 };

struct setting {
    const char *section, *key;
    enum kind kind;
    size_t offset;
    const char *fallback;
    int64_t min, max;    /* INT */
    const char *choices; /* CHOICE: words with blanks between, in the order of the enum */
    unsigned flags;
    const char *help;
};

#define AT(member) offsetof(struct config, member)
#define KIB INT64_C(1024)
#define MIB (1024 * KIB)

static const struct setting settings[] = {
    {"listen", "address", TEXT, AT(listen.address), "127.0.0.1",
     .help = "address to listen on; 0.0.0.0 or :: is every one"},
    {"listen", "port", INT, AT(listen.port), "8080", 0, 65535, .help = "port to listen on; 0 picks a free one"},
    {"listen", "public_url", TEXT, AT(listen.public_url), "",
     .help = "how residents reach this installation, for QR codes and messages: https://lilong.example.cn"},
    {"listen", "trusted_proxies", TEXT, AT(listen.trusted_proxies), "",
     .help = "addresses of the proxies in front whose X-Forwarded-For is believed, with commas between"},

    {"database", "url", TEXT, AT(database.url), "", .flags = SECRET,
     .help =
         "postgresql://user:password@host/name; empty: SQLite in the data folder. Several hosts (host1,host2): the one that takes writes"},
    {"database", "replica", TEXT, AT(database.replica), "", .flags = SECRET,
     .help = "postgresql://... of a streaming replica that answers reads; empty: the primary answers all"},
    {"database", "replica_lag_ms", INT, AT(database.replica_lag_ms), "2000", 100, 60000,
     .help = "milliseconds that a read may be behind others' writes; nobody is ever behind their own"},
    {"database", "queue_max", INT, AT(database.queue_max), "4096", 16, 1000000,
     .help = "writes that may wait; one more is answered with 503 at once"},
    {"database", "writers", INT, AT(database.writers), "8", 1, 256, .help = "connections that write (PostgreSQL only)"},
    {"database", "node", INT, AT(database.node), "0", 0, 255,
     .help = "number of this process among those that share one database; each needs its own"},

    {"http", "threads", INT, AT(http.threads), "0", 0, 256, .help = "threads that answer; 0: as many as cores"},
    {"http", "connections_max", INT, AT(http.connections_max), "8192", 16, 1000000, .help = "open connections"},
    {"http", "connections_per_peer", INT, AT(http.connections_per_peer), "256", 1, 1000000,
     .help = "open connections of one address; loopback and trusted proxies do not count"},
    {"http", "header_ms", INT, AT(http.header_ms), "15000", 100, 600000, .help = "time for all headers to arrive"},
    {"http", "body_ms", INT, AT(http.body_ms), "120000", 100, 3600000, .help = "time for the whole body to arrive"},
    {"http", "arena_max", INT, AT(http.arena_max), "8388608", 256 * KIB, 1024 * MIB,
     .help = "bytes of memory for one request"},
    {"http", "bodies_max", INT, AT(http.bodies_max), "134217728", MIB, 1024 * 1024 * MIB,
     .help = "bytes of all bodies in memory at once; what is more goes to files"},
    {"http", "slow_threads", INT, AT(http.slow_threads), "2", 1, 64,
     .help = "threads for passwords, photos and PDF, so that they never hold up reading"},
    {"http", "slow_queue_max", INT, AT(http.slow_queue_max), "64", 1, 100000, .help = "such work that may wait"},
    {"http", "limits_percent", INT, AT(http.limits_percent), "100", 0, 100000,
     .help = "how wide the limits on requests are, against the built-in table; 0: none"},
    {"http", "metrics_public", INT, AT(http.metrics_public), "0", 0, 1,
     .help = "1: /metrics for everybody; 0: this machine only"},
    {"http", "gzip", INT, AT(http.gzip), "0", 0, 1, .help = "1: compress pages here; 0: the proxy does, or nobody"},

    {"log", "level", CHOICE, AT(log.level), "info", .choices = "debug info warn error",
     .help = "least level that is logged"},

    {"sms", "driver", CHOICE, AT(sms.driver), "none", .choices = "none console http",
     .help = "how codes are sent: none, console (printed; development only, on a loopback address), http (a gateway)"},
    {"sms", "http_url", TEXT, AT(sms.http_url), "", .help = "the gateway's address; https"},
    {"sms", "http_token", TEXT, AT(sms.http_token), "", .flags = SECRET, .help = "the gateway's bearer token"},
    {"sms", "http_body", TEXT, AT(sms.http_body), "{\"mobile\":\"{mobile}\",\"text\":\"{text}\"}",
     .help = "what the gateway is sent: JSON with {mobile}, {text}, {code}, {id}"},
    {"sms", "code_minutes", INT, AT(sms.code_minutes), "5", 1, 60, .help = "minutes that a code is good for"},
    {"sms", "per_phone_day", INT, AT(sms.per_phone_day), "10", 1, 1000, .help = "codes that one phone gets in a day"},

    {"notify", "quiet_from", INT, AT(notify.quiet_from), "21", 0, 23,
     .help = "hour from which nothing that can wait is sent to people, where they have not chosen otherwise"},
    {"notify", "quiet_to", INT, AT(notify.quiet_to), "8", 0, 23,
     .help = "hour until which; the same as quiet_from: there are no quiet hours"},
    {"notify", "digest_hour", INT, AT(notify.digest_hour), "18", 0, 23, .help = "hour of the one message a day"},
    {"notify", "bundle_minutes", INT, AT(notify.bundle_minutes), "3", 1, 60,
     .help = "minutes within which several messages about the same are one"},
    {"notify", "sms_per_day", INT, AT(notify.sms_per_day), "5", 0, 50,
     .help = "SMS that one person gets in a day, codes aside; 0: codes only"},
    {"notify", "wechat_per_day", INT, AT(notify.wechat_per_day), "20", 0, 100,
     .help = "WeChat messages that one person gets in a day"},

    {"wechat", "app_id", TEXT, AT(wechat.app_id), "",
     .help = "id of the official account; empty: WeChat is off. See docs/wechat.md"},
    {"wechat", "secret", TEXT, AT(wechat.secret), "", .flags = SECRET, .help = "its AppSecret"},
    {"wechat", "scope", CHOICE, AT(wechat.scope), "snsapi_base", .choices = "snsapi_base snsapi_userinfo",
     .help =
         "snsapi_base recognises people silently; snsapi_userinfo asks them on a page of WeChat's first. Neither reads a profile"},
    {"wechat", "message", CHOICE, AT(wechat.message), "none", .choices = "none template subscribe",
     .help = "what messages are sent as: none, template messages, subscription messages"},
    {"wechat", "template_id", TEXT, AT(wechat.template_id), "", .help = "the template that was chosen on the platform"},
    {"wechat", "template_data", TEXT, AT(wechat.template_data),
     "{\"thing1\":{\"value\":\"{words}\"},\"time2\":{\"value\":\"{time}\"}}",
     .help = "its fields: a JSON object with {words} and {time}"},
    {"wechat", "api_url", TEXT, AT(wechat.api_url), "https://api.weixin.qq.com",
     .help = "where the platform is asked; https"},
    {"wechat", "open_url", TEXT, AT(wechat.open_url), "https://open.weixin.qq.com",
     .help = "where people are asked by it; https"},
    {"wechat", "timeout_ms", INT, AT(wechat.timeout_ms), "8000", 100, 60000,
     .help = "time for one answer of the platform"},

    {"session", "idle_days", INT, AT(session.idle_days), "30", 1, 365,
     .help = "days without a visit that end a resident's session"},
    {"session", "absolute_days", INT, AT(session.absolute_days), "180", 1, 730,
     .help = "days after which a resident signs in again"},
    {"session", "staff_idle_minutes", INT, AT(session.staff_idle_minutes), "60", 5, 1440,
     .help = "minutes without a request that end a staff session; at most 30 in profile level3"},
    {"session", "staff_absolute_hours", INT, AT(session.staff_absolute_hours), "12", 1, 72,
     .help = "hours after which staff sign in again"},

    {"security", "profile", CHOICE, AT(security.profile), "standard", .choices = "standard level3",
     .help =
         "level3 follows the graded protection scheme (等保三级) where it is stricter: https, shorter staff sessions, password rules"},

    {"report", "answer_work_hours", INT, AT(report.answer_work_hours), "2", 1, 80,
     .help = "work hours until the committee's first answer"},
    {"report", "community_work_days", INT, AT(report.community_work_days), "3", 1, 60,
     .help = "work days for what the committee solves itself"},
    {"report", "handler_work_days", INT, AT(report.handler_work_days), "5", 1, 90,
     .help = "work days for a handler's work order"},
    {"report", "confirm_days", INT, AT(report.confirm_days), "7", 1, 60,
     .help = "calendar days for the reporter to confirm before a report closes by itself"},
    {"report", "photos_max", INT, AT(report.photos_max), "9", 1, 30, .help = "photos with one report"},
    {"report", "similar_days", INT, AT(report.similar_days), "30", 1, 365,
     .help = "days to look back for similar open reports"},

    {"media", "max_bytes", INT, AT(media.max_bytes), "15728640", 64 * KIB, 1024 * MIB,
     .help = "bytes of one uploaded photo"},
    {"media", "max_pixels", INT, AT(media.max_pixels), "60000000", 1000000, 1000000000,
     .help = "pixels of one uploaded photo"},

    {"calendar", "work_hours", TEXT, AT(calendar.work_hours), "09:00-11:30,13:00-17:30",
     .help = "work hours of a workday, Shanghai time"},
};

enum { SETTINGS = sizeof(settings) / sizeof(settings[0]) };
_Static_assert((int)SETTINGS <= (int)CONFIG_SETTINGS_MAX, "raise CONFIG_SETTINGS_MAX");
_Static_assert(sizeof(enum log_level) == sizeof(int) && sizeof(enum sms_driver) == sizeof(int) &&
                   sizeof(enum wechat_scope) == sizeof(int) && sizeof(enum wechat_message) == sizeof(int),
               "choices are stored as int");

struct load {
    struct arena *arena;
    struct config *config;
    struct buf problems;
    enum origin from;
    bool unreadable;

    const char *file; /* while a file is read */
    struct str rest;
    int line;
    int set_on_line[CONFIG_SETTINGS_MAX];
    bool too_long;
};

static void problem(struct load *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void problem(struct load *l, const char *format, ...)
{
    va_list ap;

    if (l->problems.len > 32 * 1024) /* enough to read */
        return;
    va_start(ap, format);
    buf_put(&l->problems, str_vprintf(l->arena, format, ap));
    va_end(ap);
    buf_putc(&l->problems, '\n');
}

/* ---- values ---------------------------------------------------------------------------------------------- */

static enum result parse_choice(const struct setting *s, struct str value, int *ret_index)
{
    struct str rest = str_from_cstr(s->choices), word;

    for (int i = 0; str_cut(&rest, ' ', &word); i++)
        if (str_eq(word, value)) {
            *ret_index = i;
            return OK;
        }
    return E_INVALID;
}

static struct str choice_word(const struct setting *s, int index)
{
    struct str rest = str_from_cstr(s->choices), word = STR_NONE;

    while (index-- >= 0 && str_cut(&rest, ' ', &word))
        ;
    return word;
}

/* Puts a value in its place, or says what is wrong with it: static text, never the value itself, which may be secret. */
static const char *put_value(struct config *c, size_t i, struct str value)
{
    const struct setting *s = &settings[i];
    void *at = (char *)c + s->offset;

    switch (s->kind) {
    case TEXT:
        if (value.len > TEXT_MAX)
            return "is too long";
        if (!str_utf8_text(value) || str_find(value, STR("\n")) != SIZE_MAX)
            return "is not one line of UTF-8 text";
        *(struct str *)at = value;
        return NULL;
    case INT: return str_int64(value, s->min, s->max, at) == OK ? NULL : "is not a whole number within the limits";
    case CHOICE: return parse_choice(s, value, at) == OK ? NULL : "is not one of the words allowed here";
    }
    return "is of no known kind";
}

static void set(struct load *l, size_t i, struct str value, struct str where)
{
    const struct setting *s = &settings[i];
    struct str kept = {str_cstr(l->arena, value), value.len};
    const char *wrong = put_value(l->config, i, kept);

    if (!wrong) {
        l->config->origin[i] = (unsigned char)l->from;
        return;
    }
    if (s->kind == INT)
        problem(l, STR_FMT ": %s.%s %s (%" PRId64 " to %" PRId64 ")", STR_ARG(where), s->section, s->key, wrong, s->min,
                s->max);
    else if (s->kind == CHOICE)
        problem(l, STR_FMT ": %s.%s %s (%s)", STR_ARG(where), s->section, s->key, wrong, s->choices);
    else
        problem(l, STR_FMT ": %s.%s %s", STR_ARG(where), s->section, s->key, wrong);
}

void config_defaults(struct config *ret_config)
{
    memset(ret_config, 0, sizeof(*ret_config));
    for (size_t i = 0; i < SETTINGS; i++) {
        if (put_value(ret_config, i, str_from_cstr(settings[i].fallback))) {
            fprintf(stderr, "lilong: the default of %s.%s is wrong\n", settings[i].section, settings[i].key);
            abort();
        }
    }
}

/* ---- names ----------------------------------------------------------------------------------------------- */

static size_t find(struct str section, struct str key)
{
    for (size_t i = 0; i < SETTINGS; i++)
        if (str_eq(section, str_from_cstr(settings[i].section)) && str_eq(key, str_from_cstr(settings[i].key)))
            return i;
    return SIZE_MAX;
}

/* How many letters have to be added, removed or changed to make b of a. Names are short; longer ones are far away. */
static size_t distance(struct str a, struct str b)
{
    size_t row[64];

    if (a.len >= 63 || b.len >= 63)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = corner + (a.ptr[i - 1] != b.ptr[j - 1]);

            corner = row[j];
            if (row[j] + 1 < change)
                change = row[j] + 1;
            if (row[j - 1] + 1 < change)
                change = row[j - 1] + 1;
            row[j] = change;
        }
    }
    return row[b.len];
}

static void unknown(struct load *l, struct str where, struct str section, struct str key)
{
    struct str name = section.len ? str_printf(l->arena, STR_FMT "." STR_FMT, STR_ARG(section), STR_ARG(key)) : key;
    size_t best = SIZE_MAX, nearest = 0;

    for (size_t i = 0; i < SETTINGS; i++) {
        struct str full = str_printf(l->arena, "%s.%s", settings[i].section, settings[i].key);
        size_t d = distance(name, full);

        /* The right key in the wrong section is near, too. */
        if (str_eq(key, str_from_cstr(settings[i].key)) && d > 1)
            d = 1;
        if (d < best) {
            best = d;
            nearest = i;
        }
    }
    if (best <= name.len / 2)
        problem(l, STR_FMT ": there is no setting " STR_FMT "; did you mean %s.%s?", STR_ARG(where), STR_ARG(name),
                settings[nearest].section, settings[nearest].key);
    else
        problem(l, STR_FMT ": there is no setting " STR_FMT "; `lilong config show` lists them", STR_ARG(where),
                STR_ARG(name));
}

/* ---- the file -------------------------------------------------------------------------------------------- */

/* Reads the whole file, at most 1 MiB. */
static enum result read_file(struct arena *a, const char *path, struct str *ret_bytes)
{
    FILE *f = fopen(path, "re");
    struct buf b;
    char part[4096];
    size_t n;
    bool failed;

    if (!f)
        return errno == ENOENT || errno == ENOTDIR ? E_NOT_FOUND : E_IO;
    buf_init(&b, a, 0, 1 << 20);
    while ((n = fread(part, 1, sizeof(part), f)) > 0 && b.len + n <= b.max)
        buf_put(&b, (struct str){part, n});
    failed = ferror(f) || n > 0;
    fclose(f);
    if (failed)
        return E_IO;
    *ret_bytes = buf_str(&b);
    return OK;
}

/* inih asks for the next line. A line that does not fit its buffer would be read as two: it is refused instead. */
static char *next_line(char *out, int room, void *stream)
{
    struct load *l = stream;
    struct str line;

    if (!str_cut(&l->rest, '\n', &line))
        return NULL;
    l->line++;
    if (line.len + 1 > (size_t)room) {
        problem(l, "%s:%d: the line is longer than %d bytes; set it through the environment", l->file, l->line,
                room - 1);
        line = STR_NONE;
    } else if (line.len && memchr(line.ptr, 0, line.len)) {
        problem(l, "%s:%d: there is a NUL byte in the line", l->file, l->line);
        line = STR_NONE;
    }
    if (line.len)
        memcpy(out, line.ptr, line.len);
    out[line.len] = 0;
    return out;
}

static int on_setting(void *user, const char *section, const char *key, const char *value)
{
    struct load *l = user;
    struct str where = str_printf(l->arena, "%s:%d", l->file, l->line);
    size_t i = find(str_from_cstr(section), str_from_cstr(key));

    if (i == SIZE_MAX) {
        unknown(l, where, str_from_cstr(section), str_from_cstr(key));
    } else if (l->set_on_line[i]) {
        /* inih reads an indented line as more of the value above: that arrives here, too. */
        problem(l, STR_FMT ": %s.%s was set on line %d already", STR_ARG(where), section, key, l->set_on_line[i]);
    } else {
        l->set_on_line[i] = l->line;
        set(l, i, str_from_cstr(value), where);
    }
    return 1;
}

static void load_file(struct load *l, const char *path, bool may_be_missing)
{
    enum result r = read_file(l->arena, path, &l->rest);
    int bad;

    if (r == E_NOT_FOUND && may_be_missing)
        return;
    if (r != OK) {
        problem(l, "%s: %s", path,
                r == E_NOT_FOUND ? "there is no such file" : "cannot be read, or is larger than 1 MiB");
        l->unreadable = true;
        return;
    }
    l->from = ORIGIN_FILE;
    l->file = path;
    l->line = 0;
    bad = ini_parse_stream(next_line, l, on_setting, l);
    if (bad > 0)
        problem(l, "%s:%d: is neither [section] nor key = value", path, bad);
    else if (bad < 0)
        arena_exhausted(l->arena);
}

/* ---- the environment ------------------------------------------------------------------------------------- */

static struct str upper(struct arena *a, struct str s)
{
    char *p = str_cstr(a, s);

    for (size_t i = 0; i < s.len; i++)
        if (p[i] >= 'a' && p[i] <= 'z')
            p[i] = (char)(p[i] - 'a' + 'A');
    return (struct str){p, s.len};
}

static void set_from_file(struct load *l, size_t i, struct str where, struct str path)
{
    struct str bytes;

    if (read_file(l->arena, str_cstr(l->arena, path), &bytes) != OK) {
        problem(l, STR_FMT ": the file it names cannot be read", STR_ARG(where));
        l->unreadable = true;
        return;
    }
    while (bytes.len && (bytes.ptr[bytes.len - 1] == '\n' || bytes.ptr[bytes.len - 1] == '\r'))
        bytes.len--;
    set(l, i, bytes, where);
}

/* Only variables of our own sections are looked at: where a service is called "lilong", container platforms put
 * LILONG_SERVICE_HOST and the like into the environment. */
static void load_variable(struct load *l, struct str name, struct str value)
{
    struct str rest = str_sub(name, strlen("LILONG_"), SIZE_MAX), section = STR_NONE;

    for (size_t i = 0; i < SETTINGS; i++) {
        struct str s = upper(l->arena, str_from_cstr(settings[i].section));
        struct str k = upper(l->arena, str_from_cstr(settings[i].key));
        struct str full = str_printf(l->arena, STR_FMT "_" STR_FMT, STR_ARG(s), STR_ARG(k));
        struct str in_file = str_printf(l->arena, STR_FMT "_FILE", STR_ARG(full));

        if (str_eq(rest, full)) {
            set(l, i, value, name);
            return;
        }
        if ((settings[i].flags & SECRET) && str_eq(rest, in_file)) {
            set_from_file(l, i, name, value);
            return;
        }
        if (str_starts(rest, s) && rest.len > s.len && rest.ptr[s.len] == '_')
            section = str_from_cstr(settings[i].section);
    }
    if (section.len) {
        char *key = str_cstr(l->arena, str_sub(rest, section.len + 1, SIZE_MAX));

        for (char *p = key; *p; p++)
            if (*p >= 'A' && *p <= 'Z')
                *p = (char)(*p - 'A' + 'a');
        unknown(l, name, section, str_from_cstr(key));
    }
}

/* ---- all of it ------------------------------------------------------------------------------------------- */

static void load_flag(struct load *l, struct str flag)
{
    struct str rest = flag, name, section;
    size_t i;

    if (!str_starts(rest, STR("--")) || str_find(rest, STR("=")) == SIZE_MAX) {
        problem(l, STR_FMT ": is not of the form --section.key=value", STR_ARG(flag));
        return;
    }
    rest = str_sub(rest, 2, SIZE_MAX);
    if (!str_cut(&rest, '=', &name) || !str_cut(&name, '.', &section))
        section = STR_NONE;
    i = find(section, name);
    if (i == SIZE_MAX)
        unknown(l, STR("command line"), section, name);
    else
        set(l, i, rest, STR("command line"));
}

enum result config_load(struct arena *a, const struct config_input *input, struct config *ret_config,
                        struct str *ret_problems)
{
    struct load *l = arena_new(a, struct load);
    struct config *c = arena_new(a, struct config);
    struct str more;

    config_defaults(c);
    l->arena = a;
    l->config = c;
    buf_init(&l->problems, a, 0, 64 * 1024);
    if (input->file)
        load_file(l, input->file, input->file_may_be_missing);
    l->from = ORIGIN_ENVIRONMENT;
    for (char *const *e = input->environment; e && *e; e++) {
        struct str value = str_from_cstr(*e), name;

        if (str_starts(value, STR("LILONG_")) && str_cut(&value, '=', &name))
            load_variable(l, name, value);
    }
    l->from = ORIGIN_FLAG;
    for (size_t i = 0; i < input->n_flags; i++)
        load_flag(l, str_from_cstr(input->flags[i]));

    if (l->problems.len == 0 && config_check(c, a, &more) != OK)
        buf_put(&l->problems, more);
    if (l->problems.len) {
        *ret_problems = buf_str(&l->problems);
        return l->unreadable ? E_IO : E_INVALID;
    }
    *ret_config = *c;
    return OK;
}

bool config_list(struct str *rest, struct str *ret_item)
{
    struct str item;

    while (str_cut(rest, ',', &item)) {
        item = str_trim(item);
        if (item.len) {
            *ret_item = item;
            return true;
        }
    }
    return false;
}

/* 4, 6, or 0 when it is no address. */
static int address_kind(struct str address, unsigned char ret_bytes[16])
{
    char text[INET6_ADDRSTRLEN];

    if (address.len == 0 || address.len >= sizeof(text))
        return 0;
    memcpy(text, address.ptr, address.len);
    text[address.len] = 0;
    if (inet_pton(AF_INET, text, ret_bytes) == 1)
        return 4;
    return inet_pton(AF_INET6, text, ret_bytes) == 1 ? 6 : 0;
}

bool config_is_loopback(struct str address)
{
    static const unsigned char one[16] = {[15] = 1};
    unsigned char bytes[16];
    int kind = address_kind(address, bytes);

    return kind == 4 ? bytes[0] == 127 : kind == 6 && memcmp(bytes, one, sizeof(one)) == 0;
}

enum result config_check(const struct config *c, struct arena *a, struct str *ret_problems)
{
    struct str proxies = c->listen.trusted_proxies, proxy, url = c->listen.public_url;
    unsigned char bytes[16];
    struct load l = {.arena = a};

    buf_init(&l.problems, a, 0, 64 * 1024);
    if (!address_kind(c->listen.address, bytes))
        problem(&l, "listen.address is not an IPv4 or IPv6 address");
    while (config_list(&proxies, &proxy))
        if (!address_kind(proxy, bytes))
            problem(&l, "listen.trusted_proxies: '" STR_FMT "' is not an address", STR_ARG(proxy));
    if (url.len && !str_starts(url, STR("https://")) && !str_starts(url, STR("http://")))
        problem(&l, "listen.public_url does not begin with https:// or http://");
    if (str_ends(url, STR("/")))
        problem(&l, "listen.public_url ends with a slash");
    if (c->database.url.len && !str_starts(c->database.url, STR("postgresql://")) &&
        !str_starts(c->database.url, STR("postgres://")))
        problem(&l, "database.url does not begin with postgresql://");
    if (c->database.replica.len && !str_starts(c->database.replica, STR("postgresql://")) &&
        !str_starts(c->database.replica, STR("postgres://")))
        problem(&l, "database.replica does not begin with postgresql://");
    if (c->database.replica.len && !c->database.url.len)
        problem(&l, "database.replica is of no use without database.url");
    if (c->sms.driver == SMS_CONSOLE && !config_is_loopback(c->listen.address))
        problem(
            &l,
            "sms.driver console prints codes and is for development only: listen.address has to be 127.0.0.1 or ::1");
    if (c->sms.driver == SMS_HTTP && !str_starts(c->sms.http_url, STR("https://")) &&
        !str_starts(c->sms.http_url, STR("http://127.0.0.1")))
        problem(&l, "sms.driver http needs sms.http_url with https://");
    if ((c->wechat.app_id.len == 0) != (c->wechat.secret.len == 0))
        problem(&l, "wechat.app_id and wechat.secret are set together, or both are empty");
    if (c->wechat.app_id.len && !str_starts(url, STR("https://")) && !str_starts(url, STR("http://127.0.0.1")))
        problem(&l, "wechat.app_id needs listen.public_url with https://: WeChat leads people back there");
    if (!str_starts(c->wechat.api_url, STR("https://")) && !str_starts(c->wechat.api_url, STR("http://127.0.0.1")))
        problem(&l, "wechat.api_url does not begin with https://");
    if (!str_starts(c->wechat.open_url, STR("https://")) && !str_starts(c->wechat.open_url, STR("http://127.0.0.1")))
        problem(&l, "wechat.open_url does not begin with https://");
    if (c->wechat.message != WECHAT_MESSAGE_NONE && (!c->wechat.template_id.len || !c->wechat.app_id.len))
        problem(&l, "wechat.message needs wechat.app_id and wechat.template_id");
    if (c->session.idle_days > c->session.absolute_days)
        problem(&l, "session.idle_days is longer than session.absolute_days");
    if (c->session.staff_idle_minutes > c->session.staff_absolute_hours * 60)
        problem(&l, "session.staff_idle_minutes is longer than session.staff_absolute_hours");
    if (c->security.profile == SECURITY_LEVEL3) {
        if (!str_starts(url, STR("https://")))
            problem(&l, "security.profile level3 needs listen.public_url with https://");
        if (c->session.staff_idle_minutes > 30)
            problem(&l, "security.profile level3 allows at most 30 for session.staff_idle_minutes");
        if (c->sms.driver == SMS_CONSOLE)
            problem(&l, "security.profile level3 does not allow sms.driver console");
    }
    if (l.problems.len == 0)
        return OK;
    *ret_problems = buf_str(&l.problems);
    return E_INVALID;
}

void config_print(const struct config *c, struct buf *out)
{
    static const char *const origins[] = {"default", "file", "environment", "command line"};
    const char *section = "";

    for (size_t i = 0; i < SETTINGS; i++) {
        const struct setting *s = &settings[i];
        const void *at = (const char *)c + s->offset;

        if (strcmp(section, s->section) != 0) {
            buf_printf(out, "%s[%s]\n", i ? "\n" : "", s->section);
            section = s->section;
        }
        buf_printf(out, "# %s", s->help);
        if (s->kind == INT)
            buf_printf(out, " (%" PRId64 " to %" PRId64 ")", s->min, s->max);
        if (s->kind == CHOICE)
            buf_printf(out, " (%s)", s->choices);
        buf_printf(out, " [%s]\n%s =", origins[c->origin[i]], s->key);
        switch (s->kind) {
        case TEXT: {
            struct str value = *(const struct str *)at;

            if (value.len)
                buf_printf(out, " " STR_FMT, STR_ARG((s->flags & SECRET) ? STR("********") : value));
            break;
        }
        case INT: buf_printf(out, " %" PRId64, *(const int64_t *)at); break;
        case CHOICE: buf_printf(out, " " STR_FMT, STR_ARG(choice_word(s, *(const int *)at))); break;
        }
        buf_putc(out, '\n');
    }
}
