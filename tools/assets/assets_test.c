/* assets_test.c: what is embedded is what was written, found by its hash. */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "assets/assets.h"

#include <cmocka.h>

static char folder[64], start[4096];
static struct arena *a;

static void write_file(const char *path, const char *text)
{
    char dir[256];

    for (size_t i = 0; path[i] && i < sizeof dir - 1; i++) {
        dir[i] = path[i];
        dir[i + 1] = 0;
        if (path[i] == '/')
            mkdir(dir, 0777);
    }
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "re");
    char *p = arena_array(a, char, 1 << 16);

    assert_non_null(f);
    assert_true(fread(p, 1, (1 << 16) - 1, f) > 0);
    fclose(f);
    return p;
}

static int enter_folder(void **state)
{
    (void)state;
    a = arena_open(64 << 20);
    snprintf(folder, sizeof folder, "/tmp/assets_test.XXXXXX");
    if (!a || !getcwd(start, sizeof start) || !mkdtemp(folder) || chdir(folder) < 0)
        return -1;
    mkdir("out", 0777);
    write_file("assets/css/1.css", "/* one */\n.a { background: url('../images/dot.svg#x') ; color : red; }\n");
    write_file("assets/css/2.css",
               "@media (min-width: 10px) and (print) { .b::after , b > i { content: \"  /* kept */  \" } }\n");
    write_file("assets/images/dot.svg", "<svg/>\n");
    write_file("assets/icons/bell.svg", "<svg xmlns=\"x\" viewBox=\"0 0 9 9\" fill=\"none\"><path d=\"M1\"/></svg>\n");
    write_file("assets/icons/arrow-left.svg", "<svg viewBox=\"0 0 24 24\"><path d=\"M2\"/></svg>");
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

static int leave_folder(void **state)
{
    (void)state;
    arena_close(a);
    return chdir(start) < 0 ? -1 : nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int pack(const char *list, char said[1024])
{
    FILE *err = fmemopen(memset(said, 0, 1024), 1023, "w");
    int status;

    write_file("assets/assets.txt", list);
    status = assets_pack("out", "assets/assets.txt", err);
    fclose(err);
    return status;
}

static void packs(void **state)
{
    char said[1024];

    (void)state;
    if (pack("# all\nstyle.css = assets/css/*.css\ndot.svg = assets/images/dot.svg\nicons.svg = assets/icons/*.svg\n",
             said) != 0)
        fail_msg("%s", said);
    char *list = read_file("out/assets.list"), *bin = read_file("out/assets.bin"), *c = read_file("out/assets.c");
    assert_non_null(strstr(list, "file style.css /assets/style."));
    assert_non_null(strstr(list, "icon arrow-left /assets/icons."));
    assert_non_null(strstr(list, ".svg#bell\n"));
    assert_non_null(strstr(c, "const size_t asset_table_n = 3;"));
    assert_non_null(strstr(c, "text/css; charset=utf-8"));
    /* sorted by path: dot, icons, style; the plain bytes of each come first */
    assert_memory_equal(bin, "<svg/>\n", 7);
    write_file("assets/assets.txt", "icons.svg = assets/icons/*.svg\n");
    assert_int_equal(assets_pack("out", "assets/assets.txt", stderr), 0);
    static const char sprite[] =
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><symbol id=\"arrow-left\" viewBox=\"0 0 24 24\"><path d=\"M2\"/></symbol>"
        "<symbol id=\"bell\" viewBox=\"0 0 9 9\"><path d=\"M1\"/></symbol></svg>";
    assert_memory_equal(read_file("out/assets.bin"), sprite, sizeof sprite - 1);
    char *first = read_file("out/assets.list");
    write_file("assets/icons/bell.svg", "<svg viewBox=\"0 0 9 9\"><path d=\"M3\"/></svg>\n");
    assert_int_equal(assets_pack("out", "assets/assets.txt", stderr), 0);
    assert_string_not_equal(first, read_file("out/assets.list")); /* another content, another address */
}

static void mistakes_are_named(void **state)
{
    static const struct {
        const char *list, *says;
    } rows[] = {
        {"\nstyle.css assets/css/1.css\n", "assets/assets.txt:2: error: a line is"},
        {"a.css = assets/css/9.css\n", "no file is named like assets/css/9.css"},
        {"a.js = node_modules/none/none.js\n", "`npm ci` brings it"},
        {"a.exe = assets/css/1.css\n", "no media type is known for a.exe"},
        {"a.css = assets/css/1.css\n", "points at url(dot.svg), which is no asset"},
        {"a.css = assets/css/2.css\na.css = assets/css/2.css\n", "stands already in line 1"},
        {"icons.svg = assets/images/dot.svg\n", "is not one <svg"},
        {"../a.css = assets/css/2.css\n", "a line is"},
    };
    char said[1024];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(pack(rows[i].list, said), 1);
        if (!strstr(said, rows[i].says))
            fail_msg("%s\nexpected: %s\nsaid: %s", rows[i].list, rows[i].says, said);
    }
    write_file("assets/assets.txt", "\n");
    assert_int_equal(assets_pack("out", NULL, stderr), 0);
}

#define IS(s, expected) assert_string_equal(str_cstr(a, (s)), (expected))

static struct str somewhere(void *ctx, struct str name)
{
    (void)ctx;
    return str_eq(name, STR("a.svg")) ? STR("/assets/a.1.svg") : STR_NONE;
}

static void css(void **state)
{
    struct str unknown;

    (void)state;
    IS(css_minify(
           a,
           STR("/* x */\n a  b ,\tc { margin : 0 auto ; color: red; }\n\n@media (a) and (b) { i { x: calc(1px + 2px) } }\n")),
       "a b,c{margin : 0 auto;color: red}@media (a) and (b){i{x: calc(1px + 2px)}}");
    IS(css_minify(a, STR("a::after { content: \" ; /* no */ \\\" } \" }/* never closed")),
       "a::after{content: \" ; /* no */ \\\" } \"}");
    IS(css_minify(a, STR("")), "");
    IS(css_addresses(a, STR("a{b:url(\"../x/a.svg#i\") url(data:x) url(#f)}"), somewhere, NULL, &unknown),
       "a{b:url(/assets/a.1.svg#i) url(data:x) url(#f)}");
    css_addresses(a, STR("a{b:url(b.svg)}"), somewhere, NULL, &unknown);
    IS(unknown, "b.svg");
}

static void compression(void **state)
{
    char *many = arena_array(a, char, 10001);
    unsigned char back[10001];
    z_stream z = {0};

    (void)state;
    memset(many, 'x', 10000);
    struct str gz = pack_gzip(a, (struct str){many, 10000}), br = pack_brotli(a, (struct str){many, 10000});
    assert_true(gz.len < 100 && br.len < 100);
    IS(str_hex(a, str_sub(gz, 0, 8)), "1f8b080000000000"); /* no time stamp: the same bytes each time */
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)gz.ptr;
    z.avail_in = (unsigned)gz.len;
    z.next_out = back;
    z.avail_out = sizeof back;
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_memory_equal(back, many, 10000);
    inflateEnd(&z);
    IS(pack_sha256(a, STR("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)
    const struct CMUnitTest tests[] = {TEST(packs), TEST(mistakes_are_named), TEST(css), TEST(compression)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
