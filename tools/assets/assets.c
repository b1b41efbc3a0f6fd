/* assets.c: reads the list, makes the files ready, writes the table. */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "assets.h"

static const struct {
    const char *ending, *type;
    bool text;
} types[] = {
    {".css", "text/css; charset=utf-8", true},
    {".js", "text/javascript; charset=utf-8", true},
    {".svg", "image/svg+xml", true},
    {".json", "application/json", true},
    {".webmanifest", "application/manifest+json", true},
    {".txt", "text/plain; charset=utf-8", true},
    {".png", "image/png", false},
    {".jpg", "image/jpeg", false},
    {".webp", "image/webp", false},
    {".ico", "image/vnd.microsoft.icon", false},
    {".woff2", "font/woff2", false},
};

static const char list_name[] = "assets/assets.txt";

static void report(struct assets *t, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void report(struct assets *t, int line, const char *format, ...)
{
    va_list ap;

    fprintf(t->err, "%s:%d: error: ", list_name, line);
    va_start(ap, format);
    vfprintf(t->err, format, ap);
    va_end(ap);
    fputc('\n', t->err);
    t->errors++;
}

static bool read_file(struct arena *a, const char *path, struct str *ret_bytes)
{
    FILE *f = fopen(path, "re");
    struct stat st;

    if (!f)
        return false;
    if (fstat(fileno(f), &st) < 0 || !S_ISREG(st.st_mode)) {
        fclose(f);
        return false;
    }
    char *p = arena_array(a, char, (size_t)st.st_size + 1);
    size_t n = fread(p, 1, (size_t)st.st_size, f);
    bool ok = !ferror(f);
    fclose(f);
    *ret_bytes = (struct str){p, n};
    return ok;
}

/* As Node does: node_modules is here, or in a folder above. */
static bool read_module_file(struct arena *a, struct str path, struct str *ret_bytes)
{
    struct str p = path;

    for (int up = 0; up < 8; up++) {
        if (read_file(a, str_cstr(a, p), ret_bytes))
            return true;
        p = str_printf(a, "../" STR_FMT, STR_ARG(p));
    }
    return false;
}

static struct str base_name(struct str path)
{
    size_t i = path.len;

    while (i > 0 && path.ptr[i - 1] != '/')
        i--;
    return str_sub(path, i, path.len);
}

/* What stands behind one path or pattern of the list, as one text; `symbols` counts the files of a sprite. */
static void gather(struct assets *t, struct item *item, struct str pattern, bool sprite, struct buf *out, size_t *files)
{
    glob_t g = {0};
    struct str bytes;

    if (str_starts(pattern, STR("node_modules/"))) {
        if (!read_module_file(t->arena, pattern, &bytes)) {
            report(t, item->line, "%.*s is not there: `npm ci` brings it", STR_ARG(pattern));
            return;
        }
        buf_put(out, bytes);
        ++*files;
        return;
    }
    if (glob(str_cstr(t->arena, pattern), 0, NULL, &g) != 0) {
        report(t, item->line, "no file is named like %.*s", STR_ARG(pattern));
        globfree(&g);
        return;
    }
    for (size_t i = 0; i < g.gl_pathc; i++) {
        struct str path = str_dup(t->arena, str_from_cstr(g.gl_pathv[i])), name = base_name(path);
        if (!read_file(t->arena, g.gl_pathv[i], &bytes)) {
            report(t, item->line, "cannot read %.*s", STR_ARG(path));
            continue;
        }
        ++*files;
        if (sprite) {
            name.len = name.len > 4 ? name.len - 4 : 0;
            struct str symbol = sprite_symbol(t->arena, name, bytes);
            if (symbol.len == 0) {
                report(t, item->line, "%.*s is not one <svg …>…</svg>", STR_ARG(path));
                continue;
            }
            buf_put(out, symbol);
            if (t->n_icons < ASSETS_MAX)
                t->icon[t->n_icons++] = name;
        } else {
            buf_put(out, bytes);
            if (item->text && (bytes.len == 0 || bytes.ptr[bytes.len - 1] != '\n'))
                buf_putc(out, '\n');
        }
    }
    globfree(&g);
}

static void item_read(struct assets *t, struct item *item, struct str paths)
{
    struct buf b;
    struct str path;
    size_t files = 0;
    bool sprite = str_eq(item->name, STR("icons.svg"));

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_ends(item->name, str_from_cstr(types[i].ending))) {
            item->type = str_from_cstr(types[i].type);
            item->text = types[i].text;
        }
    if (item->type.len == 0) {
        report(t, item->line, "no media type is known for %.*s", STR_ARG(item->name));
        return;
    }
    buf_init(&b, t->arena, 1 << 14, ASSETS_BUF_MAX);
    if (sprite)
        buf_put(&b, STR("<svg xmlns=\"http://www.w3.org/2000/svg\">"));
    while (str_cut(&paths, ' ', &path))
        if (path.len)
            gather(t, item, path, sprite, &b, &files);
    if (sprite)
        buf_put(&b, STR("</svg>"));
    item->bytes = buf_str(&b);
    if (str_ends(item->name, STR(".css")))
        item->bytes = css_minify(t->arena, item->bytes);
}

static void list_read(struct assets *t, struct str list)
{
    struct str line;
    int number = 0;

    while (str_cut(&list, '\n', &line)) {
        struct str name;
        number++;
        line = str_trim(line);
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        struct str paths = line;
        str_cut(&paths, '=', &name);
        name = str_trim(name);
        paths = str_trim(paths);
        if (name.len == 0 || paths.len == 0 || str_find(name, STR(".")) == SIZE_MAX ||
            str_find(name, STR("/")) != SIZE_MAX || str_find(name, STR(" ")) != SIZE_MAX) {
            report(t, number, "a line is `name.ending = path [path …]`");
            continue;
        }
        for (size_t i = 0; i < t->n; i++)
            if (str_eq(t->item[i].name, name))
                report(t, number, "%.*s stands already in line %d", STR_ARG(name), t->item[i].line);
        if (t->n == ASSETS_MAX) {
            report(t, number, "more than %d assets", ASSETS_MAX);
            return;
        }
        struct item *item = &t->item[t->n++];
        *item = (struct item){.name = name, .line = number};
        item_read(t, item, paths);
    }
}

static void item_name(struct assets *t, struct item *item)
{
    struct str hash = pack_sha256(t->arena, item->bytes);
    size_t dot = item->name.len;

    while (item->name.ptr[dot - 1] != '.')
        dot--;
    item->path = str_printf(t->arena, "/assets/" STR_FMT STR_FMT "." STR_FMT, STR_ARG(str_sub(item->name, 0, dot)),
                            STR_ARG(str_sub(hash, 0, 8)), STR_ARG(str_sub(item->name, dot, item->name.len)));
    item->etag = str_printf(t->arena, "\"" STR_FMT "\"", STR_ARG(str_sub(hash, 0, 24)));
}

static struct str path_of(void *ctx, struct str name)
{
    struct assets *t = ctx;

    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->item[i].name, name))
            return t->item[i].path;
    return STR_NONE;
}

static void items_finish(struct assets *t)
{
    /* what CSS points at has its name before the CSS has */
    for (size_t i = 0; i < t->n; i++)
        if (!str_ends(t->item[i].name, STR(".css")))
            item_name(t, &t->item[i]);
    for (size_t i = 0; i < t->n; i++) {
        struct item *item = &t->item[i];
        if (str_ends(item->name, STR(".css"))) {
            struct str unknown;
            struct str css = css_addresses(t->arena, item->bytes, path_of, t, &unknown);
            if (unknown.len) {
                report(t, item->line, "%.*s points at url(%.*s), which is no asset", STR_ARG(item->name),
                       STR_ARG(unknown));
                continue;
            }
            item->bytes = css;
            item_name(t, item);
        }
    }
    for (size_t i = 0; i < t->n && t->errors == 0; i++) {
        struct item *item = &t->item[i];
        if (!item->text)
            continue;
        item->gzip = pack_gzip(t->arena, item->bytes);
        item->brotli = pack_brotli(t->arena, item->bytes);
        if (item->gzip.len >= item->bytes.len)
            item->gzip = STR_NONE;
        if (item->brotli.len >= item->bytes.len)
            item->brotli = STR_NONE;
    }
}

static bool write_file(struct assets *t, const char *out, const char *name, struct str bytes)
{
    char *path = str_cstr(t->arena, str_printf(t->arena, "%s/%s", out, name));
    struct str old;

    if (read_file(t->arena, path, &old) && str_eq(old, bytes))
        return true;
    FILE *f = fopen(path, "we");
    bool ok = f && fwrite(bytes.ptr, 1, bytes.len, f) == bytes.len;
    if (f && fclose(f) != 0)
        ok = false;
    if (!ok) {
        fprintf(t->err, "assets: cannot write %s: %s\n", path, strerror(errno));
        t->errors++;
    }
    return ok;
}

static int compare_items(const void *a, const void *b)
{
    return str_cmp(((const struct item *)a)->path, ((const struct item *)b)->path);
}

static int compare_names(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void put_part(struct buf *c, struct buf *bin, struct str bytes)
{
    if (bytes.len)
        buf_printf(c, ", {asset_bytes + %zu, %zu}", bin->len, bytes.len);
    else
        buf_put(c, STR(", {\"\", 0}"));
    buf_put(bin, bytes);
}

static void tables_write(struct assets *t, const char *out)
{
    struct buf c, bin, list, rows;
    char *real = realpath(out, NULL);
    struct str icons = path_of(t, STR("icons.svg"));

    if (!real) {
        fprintf(t->err, "assets: cannot find %s\n", out);
        t->errors++;
        return;
    }
    buf_init(&c, t->arena, 1 << 14, ASSETS_BUF_MAX);
    buf_init(&bin, t->arena, 1 << 20, ASSETS_BUF_MAX);
    buf_init(&list, t->arena, 1 << 12, ASSETS_BUF_MAX);
    buf_init(&rows, t->arena, 1 << 12, ASSETS_BUF_MAX);
    qsort(t->item, t->n, sizeof *t->item, compare_items);
    qsort(t->icon, t->n_icons, sizeof *t->icon, compare_names);
    for (size_t i = 0; i < t->n; i++) {
        struct item *item = &t->item[i];
        buf_printf(&rows, "    {{\"%.*s\", %zu}, {\"%.*s\", %zu}, {\"%.*s\", %zu}", STR_ARG(item->name), item->name.len,
                   STR_ARG(item->path), item->path.len, STR_ARG(item->type), item->type.len);
        put_part(&rows, &bin, item->bytes);
        put_part(&rows, &bin, item->gzip);
        put_part(&rows, &bin, item->brotli);
        buf_printf(&rows, ", {\"\\\"%.*s\\\"\", %zu}},\n", STR_ARG(str_sub(item->etag, 1, item->etag.len - 2)),
                   item->etag.len);
        buf_printf(&list, "file %.*s %.*s\n", STR_ARG(item->name), STR_ARG(item->path));
    }
    for (size_t i = 0; i < t->n_icons; i++)
        buf_printf(&list, "icon %.*s %.*s#%.*s\n", STR_ARG(t->icon[i]), STR_ARG(icons), STR_ARG(t->icon[i]));

    buf_printf(&c, "/* Made by tools/assets. The bytes: sha256 %.*s */\n#include \"engine/page/asset_table.h\"\n\n",
               STR_ARG(pack_sha256(t->arena, buf_str(&bin))));
    if (bin.len)
        buf_printf(&c,
                   "__asm__(\".section .rodata\\n.balign 16\\n.globl asset_bytes\\n.hidden asset_bytes\\n"
                   "asset_bytes:\\n.incbin \\\"%s/assets.bin\\\"\\n.previous\\n\");\n"
                   "extern const char asset_bytes[] __attribute__((visibility(\"hidden\")));\n\n",
                   real);
    buf_put(&c, STR("const struct asset asset_table[] = {\n"));
    buf_put(&c, buf_str(&rows));
    buf_printf(&c,
               "    {{NULL, 0}},\n};\n\nconst size_t asset_table_n = %zu;\n\nconst struct str asset_icon_table[] = {\n",
               t->n);
    for (size_t i = 0; i < t->n_icons; i++)
        buf_printf(&c, "    {\"%.*s\", %zu},\n", STR_ARG(t->icon[i]), t->icon[i].len);
    buf_printf(
        &c,
        "    {NULL, 0},\n};\n\nconst size_t asset_icon_table_n = %zu;\nconst struct str asset_icon_path = {\"%.*s\", %zu};\n",
        t->n_icons, STR_ARG(icons), icons.len);
    free(real);
    /* the bytes first: the C file says that they are there */
    if (write_file(t, out, "assets.bin", buf_str(&bin)) && write_file(t, out, "assets.list", buf_str(&list)))
        write_file(t, out, "assets.c", buf_str(&c));
}

int assets_pack(const char *out, const char *list, FILE *err)
{
    struct arena *a = arena_open((size_t)1 << 30);
    struct str text = STR_NONE;
    struct assets *t;
    int status;

    if (!a) {
        fputs("assets: out of memory\n", err);
        return 2;
    }
    t = arena_new(a, struct assets);
    t->arena = a;
    t->err = err;
    t->icon = arena_array(a, struct str, ASSETS_MAX);
    if (list && !read_file(a, list, &text)) {
        fprintf(err, "assets: cannot read %s\n", list);
        t->errors++;
    }
    list_read(t, text);
    if (t->errors == 0)
        items_finish(t);
    if (t->errors == 0)
        tables_write(t, out);
    status = t->errors != 0;
    arena_close(a);
    return status;
}
