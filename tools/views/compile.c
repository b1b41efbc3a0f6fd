/* compile.c: one run: reads, checks, writes. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "views.h"

void report(struct tool *t, const char *file, int line, const char *format, ...)
{
    va_list ap;

    fprintf(t->err, "%s:%d: error: ", file, line);
    va_start(ap, format);
    vfprintf(t->err, format, ap);
    va_end(ap);
    fputc('\n', t->err);
    t->errors++;
}

_Noreturn void fail(struct tool *t, const char *file, int line, const char *format, ...)
{
    va_list ap;

    fprintf(t->err, "%s:%d: error: ", file, line);
    va_start(ap, format);
    vfprintf(t->err, format, ap);
    va_end(ap);
    fputc('\n', t->err);
    t->errors++;
    longjmp(t->skip, 1);
}

_Noreturn static void die(const char *what, const char *path)
{
    fprintf(stderr, "views: %s %s: %s\n", what, path, strerror(errno));
    exit(2);
}

void vput(struct buf *b, const char *format, va_list ap)
{
    char *line;
    int n = vasprintf(&line, format, ap);

    if (n < 0)
        die("out of memory", "");
    buf_put(b, (struct str){line, (size_t)n});
    free(line);
}

void put(struct buf *b, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vput(b, format, ap);
    va_end(ap);
}

void put_c_string(struct buf *b, struct str s, int indent)
{
    size_t column = 0;

    buf_putc(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (column >= 96 && (c & 0xC0) != 0x80) {
            put(b, "\"\n%*s\"", indent, "");
            column = 0;
        }
        if (c == '"' || c == '\\')
            put(b, "\\%c", c);
        else if (c == '\n')
            buf_put(b, STR("\\n"));
        else if (c < 0x20 || c == 0x7F)
            put(b, "\\%03o", c);
        else if (c == '?' && i > 0 && s.ptr[i - 1] == '?')
            buf_put(b, STR("\\?"));
        else
            buf_putc(b, (char)c);
        column++;
    }
    buf_putc(b, '"');
}

bool is_name(struct str s)
{
    if (s.len == 0 || s.len > 60 || s.ptr[0] < 'a' || s.ptr[0] > 'z')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

struct str read_whole(struct tool *t, const char *path, bool *ret_found)
{
    struct str s = STR_NONE;
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    *ret_found = fd >= 0;
    if (fd < 0) {
        if (errno != ENOENT)
            die("cannot read", path);
        return s;
    }
    if (fstat(fd, &st) < 0)
        die("cannot read", path);
    char *p = arena_array(t->arena, char, (size_t)st.st_size + 1);
    while (s.len < (size_t)st.st_size) {
        ssize_t n = read(fd, p + s.len, (size_t)st.st_size - s.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            die("cannot read", path);
        if (n == 0)
            break;
        s.len += (size_t)n;
    }
    close(fd);
    s.ptr = p;
    return s;
}

static void make_folders(char *path)
{
    for (char *p = path + 1; *p; p++)
        if (*p == '/') {
            *p = 0;
            if (mkdir(path, 0777) < 0 && errno != EEXIST)
                die("cannot make", path);
            *p = '/';
        }
}

void write_changed(struct tool *t, const char *name, struct str text)
{
    struct str path = str_printf(t->arena, "%s/%s", t->out, name);
    char *p = str_cstr(t->arena, path);
    bool found;
    struct str old = read_whole(t, p, &found);

    if (found && str_eq(old, text))
        return;
    make_folders(p);
    char *draft = str_cstr(t->arena, str_printf(t->arena, "%s.new", p));
    FILE *f = fopen(draft, "we");
    if (!f)
        die("cannot write", draft);
    if (fwrite(text.ptr, 1, text.len, f) != text.len || fclose(f) != 0)
        die("cannot write", draft);
    if (rename(draft, p) < 0)
        die("cannot write", p);
}

/* nftw() has no argument for its caller's own: these two stand for it, for the time of one walk. */
static struct buf *walk_paths;
static const char *walk_suffix;

static int walk_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    struct str p = str_from_cstr(path);

    (void)st;
    if (flag == FTW_F && path[ftw->base] != '.' && str_ends(p, str_from_cstr(walk_suffix))) {
        buf_put(walk_paths, p);
        buf_putc(walk_paths, '\n');
    }
    return 0;
}

static int compare_str(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct str file_list(struct tool *t, const char *dir, const char *suffix)
{
    struct buf all, sorted;
    struct str rest, line, *item;
    size_t n = 0;

    buf_init(&all, t->arena, 4096, TOOL_BUF_MAX);
    walk_paths = &all;
    walk_suffix = suffix;
    if (nftw(dir, walk_one, 16, FTW_PHYS) < 0 && errno != ENOENT)
        die("cannot read", dir);
    for (rest = buf_str(&all); str_cut(&rest, '\n', &line);)
        n++;
    item = arena_array(t->arena, struct str, n + 1);
    n = 0;
    for (rest = buf_str(&all); str_cut(&rest, '\n', &line);)
        if (line.len)
            item[n++] = line;
    qsort(item, n, sizeof *item, compare_str);
    buf_init(&sorted, t->arena, all.len + 1, TOOL_BUF_MAX);
    for (size_t i = 0; i < n; i++) {
        buf_put(&sorted, item[i]);
        buf_putc(&sorted, '\n');
    }
    return buf_str(&sorted);
}

const struct asset_name *asset_lookup(const struct tool *t, struct str kind, struct str name)
{
    for (size_t i = 0; i < t->n_assets; i++)
        if (str_eq(t->asset[i].kind, kind) && str_eq(t->asset[i].name, name))
            return &t->asset[i];
    return NULL;
}

struct view *view_lookup(const struct tool *t, struct str name)
{
    for (size_t i = 0; i < t->n_views; i++)
        if (str_eq(t->view[i]->name, name))
            return t->view[i];
    return NULL;
}

/* Lines of the list that tools/assets writes: "file NAME PATH" and "icon NAME PATH". */
static void assets_read(struct tool *t, const char *path)
{
    bool found;
    struct str rest = read_whole(t, path, &found), line;
    size_t n = 0;

    if (!found)
        die("cannot read", path);
    for (struct str r = rest; str_cut(&r, '\n', &line);)
        n++;
    t->asset = arena_array(t->arena, struct asset_name, n + 1);
    while (str_cut(&rest, '\n', &line)) {
        struct asset_name *a = &t->asset[t->n_assets];
        if (str_cut(&line, ' ', &a->kind) && str_cut(&line, ' ', &a->name) && str_cut(&line, ' ', &a->path))
            t->n_assets++;
    }
}

static void view_add(struct tool *t, const char *path)
{
    struct str whole = str_from_cstr(path);
    struct str inside = str_starts(whole, STR("src/")) ? str_sub(whole, 4, whole.len) : whole;
    struct view *v = arena_new(t->arena, struct view);
    size_t slash = inside.len;
    bool found;

    while (slash > 0 && inside.ptr[slash - 1] != '/')
        slash--;
    v->file = path;
    v->dir = slash ? str_sub(inside, 0, slash - 1) : STR("");
    v->name = str_sub(inside, slash, inside.len - slash - 5);
    v->source = read_whole(t, path, &found);
    if (!found)
        die("cannot read", path);
    if (!is_name(v->name)) {
        report(t, path, 1, "the name of a view is snake_case");
        return;
    }
    struct view *twin = view_lookup(t, v->name);
    if (twin) {
        report(t, path, 1, "there is a view of this name already: %s", twin->file);
        return;
    }
    if (t->n_views == t->room_views) {
        struct view **more = arena_array(t->arena, struct view *, t->room_views * 2 + 64);
        if (t->n_views)
            memcpy(more, t->view, t->n_views * sizeof *more);
        t->view = more;
        t->room_views = t->room_views * 2 + 64;
    }
    t->view[t->n_views++] = v;
}

/* Does v's data contain v again? Neither C nor JSON Schema could write that down. */
static void check_cycle(struct tool *t, struct view *v);

static void check_cycle_record(struct tool *t, struct view *v, const struct record *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct type *type = &r->field[i].type;
        if (type->kind == KIND_LIST)
            type = type->item;
        if (type->kind == KIND_RECORD)
            check_cycle_record(t, v, type->record);
        if (type->kind == KIND_VIEW && type->view) {
            if (type->view->visit == 1) {
                report(t, v->file, r->field[i].line, "%.*s contains itself", STR_ARG(type->view->name));
                v->broken = true;
            } else {
                check_cycle(t, type->view);
            }
        }
    }
}

static void check_cycle(struct tool *t, struct view *v)
{
    if (v->visit)
        return;
    v->visit = 1;
    check_cycle_record(t, v, &v->record);
    v->visit = 2;
}

/* Runs one step for one view. What fails in it is reported, marks the view as broken, and does not stop the others. */
static void step(struct tool *t, struct view *v, void (*run)(struct tool *, struct view *, void *), void *arg)
{
    if (setjmp(t->skip) == 0)
        run(t, v, arg);
    else
        v->broken = true;
}

static void step_header(struct tool *t, struct view *v, void *arg)
{
    (void)arg;
    v->body_from = header_parse(t, v);
}

static void step_body(struct tool *t, struct view *v, void *arg)
{
    (void)arg;
    header_resolve(t, v);
    body_parse(t, v, v->body_from);
}

static void step_emit(struct tool *t, struct view *v, void *arg)
{
    struct buf *b = arg;

    emit_html(t, v, b);
    if (!v->of.len) {
        emit_json(t, v, b);
        emit_schema(t, v, b);
    }
}

static void views_parse(struct tool *t)
{
    for (size_t i = 0; i < t->n_views; i++)
        step(t, t->view[i], step_header, NULL);
    for (size_t i = 0; i < t->n_views; i++)
        if (!t->view[i]->broken)
            step(t, t->view[i], step_body, NULL);
    for (size_t i = 0; i < t->n_views; i++)
        check_cycle(t, t->view[i]);
}

/* One C file for each folder of views: a change in a module compiles that module's views again and no others'. */
static void views_write(struct tool *t)
{
    for (size_t i = 0; i < t->n_views; i++) {
        struct str dir = t->view[i]->dir;
        bool done = false;
        struct buf b;

        for (size_t k = 0; k < i; k++)
            done |= str_eq(t->view[k]->dir, dir);
        if (done)
            continue;
        buf_init(&b, t->arena, 1 << 16, TOOL_BUF_MAX);
        put(&b, "/* Made by tools/views from src/%.*s. */\n#include \"engine/page/page.h\"\n", STR_ARG(dir));
        for (size_t k = i; k < t->n_views; k++)
            if (str_eq(t->view[k]->dir, dir))
                put(&b, "#include \"%.*s/%.*s.html.h\"\n", STR_ARG(dir), STR_ARG(t->view[k]->name));
        for (size_t k = i; k < t->n_views; k++)
            if (str_eq(t->view[k]->dir, dir) && !t->view[k]->broken)
                step(t, t->view[k], step_emit, &b);
        if (t->errors == 0)
            write_changed(t, str_cstr(t->arena, str_printf(t->arena, "%.*s.c", STR_ARG(dir))), buf_str(&b));
    }
}

static void views_all_write(struct tool *t)
{
    struct buf b;

    buf_init(&b, t->arena, 1 << 14, TOOL_BUF_MAX);
    buf_put(&b, STR("/* Made by tools/views. */\n#include \"engine/page/page.h\"\n\n"));
    for (size_t i = 0; i < t->n_views; i++)
        if (!t->view[i]->of.len)
            put(&b, "extern const struct view_info %.*s_info;\n", STR_ARG(t->view[i]->name));
    buf_put(&b, STR("\nconst struct view_info *const views_all[] = {\n"));
    for (size_t i = 0; i < t->n_views; i++)
        if (!t->view[i]->of.len)
            put(&b, "    &%.*s_info,\n", STR_ARG(t->view[i]->name));
    buf_put(&b, STR("    NULL,\n};\n\nconst size_t views_all_n = sizeof views_all / sizeof *views_all - 1;\n"));
    write_changed(t, "views.c", buf_str(&b));
}

int views_compile(const struct views_job *job, FILE *err)
{
    struct tool t = {.out = job->out, .list_unused = job->list_unused, .err = err};
    int status = 1;

    t.arena = arena_open((size_t)1 << 30);
    if (!t.arena)
        die("out of memory", "");
    if (job->assets)
        assets_read(&t, job->assets);
    catalogue_read(&t, job->input, job->n_inputs);
    for (size_t i = 0; i < job->n_inputs; i++)
        if (str_ends(str_from_cstr(job->input[i]), STR(".html")))
            view_add(&t, job->input[i]);
    views_parse(&t);
    views_write(&t);
    if (t.errors) {
        fprintf(err, "views: %zu error%s\n", t.errors, t.errors == 1 ? "" : "s");
    } else {
        for (size_t i = 0; i < t.n_views; i++)
            header_write(&t, t.view[i]);
        views_all_write(&t);
        catalogue_scan_source(&t);
        catalogue_warn_unused(&t);
        catalogue_write(&t);
        status = 0;
    }
    arena_close(t.arena);
    return status;
}

bool views_check(struct str source, FILE *err)
{
    struct tool t = {.err = err};
    struct view *v;
    struct buf made;

    t.arena = arena_open((size_t)1 << 30);
    if (!t.arena)
        return false;
    v = arena_new(t.arena, struct view);
    v->file = "v.html";
    v->name = STR("v");
    v->dir = STR("views");
    v->source = source;
    t.view = &v;
    t.n_views = 1;
    views_parse(&t);
    buf_init(&made, t.arena, 4096, TOOL_BUF_MAX);
    if (!v->broken)
        step(&t, v, step_emit, &made);
    arena_close(t.arena);
    return t.errors == 0;
}
