/* main.c: `statements OUT_DIR schema/0001_engine.sql ... src/.../x.sql ...`: applies the schema, checks every statement, writes
 * OUT_DIR/.../x.sql.h and .c and OUT_DIR/statements.c. Files whose text has not changed are left alone. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "statements/statements.h"

static struct str read_file(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    struct buf b;
    char chunk[8192];
    size_t n;

    if (!f) {
        fprintf(stderr, "%s: error: cannot be read\n", path);
        exit(1);
    }
    buf_init(&b, a, 8192, 1 << 24);
    while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
        buf_put(&b, (struct str){chunk, n});
    bool bad = ferror(f);
    fclose(f);
    if (bad) {
        fprintf(stderr, "%s: error: cannot be read\n", path);
        exit(1);
    }
    return buf_str(&b);
}

static void make_folders(struct arena *a, struct str path)
{
    for (size_t i = 1; i < path.len; i++)
        if (path.ptr[i] == '/' && mkdir(str_cstr(a, str_sub(path, 0, i)), 0777) != 0 && errno != EEXIST) {
            fprintf(stderr, STR_FMT ": error: the folder cannot be made\n", STR_ARG(path));
            exit(1);
        }
}

static void write_file(struct arena *a, struct str path, struct str text)
{
    const char *name = str_cstr(a, path);
    struct stat st;

    if (stat(name, &st) == 0 && str_eq(read_file(a, name), text))
        return;
    make_folders(a, path);
    FILE *f = fopen(name, "wb");
    if (!f || fwrite(text.ptr, 1, text.len, f) != text.len || fclose(f) != 0) {
        fprintf(stderr, "%s: error: cannot be written\n", name);
        exit(1);
    }
}

/* ../src/boards/report/report.sql -> src/boards/report/report.sql; the same without the folder in *ret_below. */
static bool below(struct str path, struct str folder, struct str *ret_file, struct str *ret_below)
{
    for (size_t i = path.len; i-- > 0;)
        if ((i == 0 || path.ptr[i - 1] == '/') && str_starts(str_sub(path, i, path.len), folder)) {
            *ret_file = str_sub(path, i, path.len);
            *ret_below = str_sub(path, i + folder.len, path.len);
            return true;
        }
    return false;
}

static void unique_names(struct complaints *c, const struct sql_file *files, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < files[i].n; k++)
            for (size_t j = 0; j < i; j++)
                for (size_t m = 0; m < files[j].n; m++)
                    if (str_eq(files[i].statements[k].name, files[j].statements[m].name))
                        complain(c, files[i].file, files[i].statements[k].line, files[i].statements[k].name,
                                 "is also the name of a statement in " STR_FMT ":%d", STR_ARG(files[j].file),
                                 files[j].statements[m].line);
}

/* What the check has found, for whoever wants to read it (tools/lint/distribution.sh). */
struct spread {
    struct buf list;
    size_t statements, across;
};

static void note(struct spread *spread, const struct sql_file *file, const struct statement *s, bool across)
{
    struct str why = s->comment, line;
    size_t at = str_find(why, STR("across communities:"));

    spread->statements++;
    if (!across)
        return;
    spread->across++;
    why = at == SIZE_MAX ? STR_NONE : str_trim(str_sub(why, at + strlen("across communities:"), why.len));
    buf_printf(&spread->list, STR_FMT ":%d: " STR_FMT ": ", STR_ARG(file->file), s->line, STR_ARG(s->name));
    for (bool more = false; str_cut(&why, '\n', &line); more = true)
        buf_printf(&spread->list, "%s" STR_FMT, more ? " " : "", STR_ARG(line));
    buf_putc(&spread->list, '\n');
}

static struct str spread_list(struct arena *a, const struct placements *p, const struct spread *spread)
{
    size_t kinds[3] = {0}, by_rule = 0;
    struct buf b;

    for (size_t i = 0; i < p->n; i++) {
        kinds[p->v[i].kind]++;
        by_rule += p->v[i].line == 0;
    }
    buf_init(&b, a, 4096, 1 << 21);
    buf_printf(&b,
               "%zu tables: %zu by community, %zu by another column, %zu everywhere, %zu on one machine\n"
               "%zu statements: %zu on one machine, %zu across:\n",
               p->n, by_rule, kinds[PLACED_BY] - by_rule, kinds[PLACED_EVERYWHERE], kinds[PLACED_ONE],
               spread->statements, spread->statements - spread->across, spread->across);
    buf_put(&b, buf_str(&spread->list));
    return buf_str(&b);
}

int main(int argc, char **argv)
{
    struct arena *a = arena_open((size_t)1 << 30);
    struct complaints c = {0, NULL};

    if (!a || argc < 2) {
        fprintf(stderr, "usage: statements OUT_DIR schema/NNNN_name.sql... src/.../name.sql...\n");
        return 2;
    }
    size_t most = (size_t)argc;
    struct str *schema_names = arena_array(a, struct str, most), *schema_texts = arena_array(a, struct str, most);
    struct sql_file *files = arena_array(a, struct sql_file, most);
    struct str distribution = STR_NONE;
    size_t n_schema = 0, n_files = 0;
    for (int i = 2; i < argc; i++) {
        struct str arg = str_from_cstr(argv[i]), file, path, text = read_file(a, argv[i]);
        if (str_ends(arg, STR("distribution.txt"))) {
            distribution = text;
        } else if (below(arg, STR("src/"), &file, &path)) {
            sql_file_parse(a, &c, file, path, text, &files[n_files++]);
        } else if (below(arg, STR("schema/"), &file, &path)) {
            schema_names[n_schema] = file;
            schema_texts[n_schema++] = text;
        } else {
            complain(&c, arg, 0, STR_NONE, "is neither below schema/ nor below src/");
        }
    }

    struct schema_file *schema;
    size_t n_versions;
    schema_gather(a, &c, schema_names, schema_texts, n_schema, &schema, &n_versions);
    sqlite3 *db = schema_apply(&c, schema, n_versions);
    if (!db)
        return 1;
    lint_schema(a, &c, schema, n_versions);
    struct placements placements;
    struct spread spread = {0};
    placements_read(a, &c, schema, n_versions, distribution, &placements);
    buf_init(&spread.list, a, 4096, 1 << 20);
    for (size_t i = 0; i < n_files; i++)
        for (size_t k = 0; k < files[i].n; k++) {
            struct statement *s = &files[i].statements[k];
            bool across = false;
            describe(a, &c, db, &files[i], s);
            spread_check(a, &c, &placements, &files[i], s, &across);
            note(&spread, &files[i], s, across);
        }
    unique_names(&c, files, n_files);
    sqlite3_close(db);
    if (c.n)
        return 1;

    for (size_t i = 0; i < n_files; i++) {
        write_file(a, str_printf(a, "%s/" STR_FMT ".h", argv[1], STR_ARG(files[i].path)), emit_header(a, &files[i]));
        write_file(a, str_printf(a, "%s/" STR_FMT ".c", argv[1], STR_ARG(files[i].path)), emit_source(a, &files[i]));
    }
    write_file(a, str_printf(a, "%s/statements.c", argv[1]),
               emit_table(a, files, n_files, schema, n_versions, &placements));
    write_file(a, str_printf(a, "%s/distribution.list", argv[1]), spread_list(a, &placements, &spread));
    arena_close(a);
    return 0;
}
