/* document_test.c: PDF files from an upload through the sandboxed program, store and table, and back; what must be refused is, with its reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/mman.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <zlib.h>

#include "civic/media/media_document.h"
#include "civic/media/image.h"
#include "civic/media/media_world_test.h"
#include "civic/media/pdf_world_test.h"
#include "engine/base/time.h"

static int setup(void **state)
{
    return world_open(state, (struct media_options){.workers = 1});
}

static struct document_read taken(struct world *w, struct str pdf)
{
    struct document_read read;
    assert_int_equal(document_process(w->workers, pdf, w->t.arena, &read), OK);
    return read;
}

static enum document_refusal refused(struct world *w, struct str pdf)
{
    struct document_read read = {.refusal = DOCUMENT_FINE};
    enum result r = document_process(w->workers, pdf, w->t.arena, &read);
    assert_true(r == E_INVALID || r == E_TOO_LARGE);
    assert_true(read.full.len == 0 && read.thumb.len == 0);
    return read.refusal;
}

static void counts_pages_and_draws_the_first(void **state)
{
    struct world *w = *state;
    struct arena *a = w->t.arena;
    struct document_read one = taken(w, test_pdf(a, 1, 595, 842, "Notice"));
    assert_true(one.pages == 1 && one.height == 1600 && one.width == 1131);
    assert_true(image_is_plain_jpeg(one.full, 1131, 1600) && one.thumb.len < 15 * 1024);
    assert_int_equal(taken(w, test_pdf(a, 300, 595, 842, "Minutes")).pages, 300);
    /* Chinese is drawn: its page is another one than the empty one. */
    struct document_read chinese = taken(w, test_pdf(a, 2, 842, 595, "关于小区加装电梯的公示"));
    assert_true(chinese.pages == 2 && chinese.width == 1600 && chinese.height == 1131);
    struct document_read blank = taken(w, test_pdf(a, 2, 842, 595, " "));
    assert_true(chinese.full.len > blank.full.len + 2000);
    /* also where the file brings no font: by the character maps and fonts of the system */
    struct document_read mapped = taken(
        w,
        test_pdf_raw(
            a, "", TEST_PDF_A4 "/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>", "",
            "4 0 obj\n<</Length 52>>\nstream\nBT /F 48 Tf 60 600 Td <B9ABCABE> Tj ET               \nendstream\nendobj\n"
            "5 0 obj\n<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[6 0 R]>>\nendobj\n"
            "6 0 obj\n<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
            "/DW 1000/FontDescriptor 7 0 R>>\nendobj\n"
            "7 0 obj\n<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 900/Descent -200"
            "/CapHeight 700/StemV 80>>\nendobj"));
    struct document_read plain = taken(w, test_pdf_raw(a, "", TEST_PDF_A4, "", ""));
    assert_true(mapped.full.len > plain.full.len + 1000);
}

static void refuses_with_a_reason(void **state)
{
    struct world *w = *state;
    struct arena *a = w->t.arena;
    struct str good = test_pdf(a, 3, 595, 842, "Good");
    char *large = arena_array(a, char, DOCUMENT_BYTES_MAX + 1);
    memcpy(large, good.ptr, good.len);

    assert_int_equal(refused(w, STR_NONE), DOCUMENT_EMPTY);
    assert_int_equal(refused(w, (struct str){large, DOCUMENT_BYTES_MAX + 1}), DOCUMENT_BYTES);
    assert_int_equal(refused(w, STR("hello")), DOCUMENT_UNKNOWN);
    assert_int_equal(refused(w, STR("<html><script>alert(1)</script>%PDF-1.7")), DOCUMENT_UNKNOWN);
    assert_int_equal(refused(w, str_printf(a, "PK\3\4 " STR_FMT, STR_ARG(good))), DOCUMENT_UNKNOWN);
    assert_int_equal(refused(w, STR("%PDF-1.7")), DOCUMENT_BROKEN);
    assert_int_equal(refused(w, str_sub(good, 0, 200)), DOCUMENT_BROKEN);
    assert_int_equal(refused(w, test_pdf(a, DOCUMENT_PAGES_MAX + 1, 595, 842, "Long")), DOCUMENT_PAGES);
    /* locked: the keys are those of nobody's password */
    assert_int_equal(
        refused(w,
                test_pdf_raw(a, "", TEST_PDF_A4,
                             "/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]/Encrypt 8 0 R",
                             "8 0 obj\n<</Filter/Standard/V 1/R 2/P -44"
                             "/O<000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f>"
                             "/U<202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f>>>\nendobj")),
        DOCUMENT_ENCRYPTED);
}

/* A page, and an object stream with these objects; `cut`: so much of it is missing. */
static struct str packed(struct arena *a, const char *objects, size_t cut)
{
    unsigned char bytes[400];
    uLongf n = sizeof(bytes);
    struct str page = test_pdf_raw(a, "", TEST_PDF_A4, "", "");
    struct buf b;

    assert_int_equal(compress(bytes, &n, (const unsigned char *)objects, strlen(objects)), Z_OK);
    buf_init(&b, a, 4096, 4096);
    size_t head = str_find(page, STR("1 0 obj"));
    buf_put(&b, str_sub(page, 0, head));
    buf_printf(&b, "9 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %zu>>\nstream\n", (size_t)n - cut);
    buf_put(&b, (struct str){(const char *)bytes, (size_t)n - cut});
    buf_put(&b, STR("\nendstream\nendobj\n"));
    buf_put(&b, str_sub(page, head, page.len - head));
    return buf_str(&b);
}

static void refuses_what_is_active(void **state)
{
    struct world *w = *state;
    struct arena *a = w->t.arena;
    static const struct {
        const char *catalog, *page, *objects;
    } cases[] = {
        {"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>", TEST_PDF_A4, ""},
        {"/Names<</JavaScript<</Names[(x)<</S/JavaScript/JS(app.alert\\(1\\))>>]>>>>", TEST_PDF_A4, ""},
        {"", TEST_PDF_A4 "/AA<</O<</S/JavaScript/JS(app.alert\\(1\\))>>>>", ""},
        {"/Names<</EmbeddedFiles<</Names[(x.exe) 9 0 R]>>>>", TEST_PDF_A4,
         "9 0 obj\n<</Type/Filespec/F(x.exe)/EF<</F 10 0 R>>>>\nendobj\n"
         "10 0 obj\n<</Type/EmbeddedFile/Length 2>>\nstream\nMZ\nendstream\nendobj"},
        {"", TEST_PDF_A4 "/Annots[9 0 R]",
         "9 0 obj\n<</Type/Annot/Subtype/FileAttachment/Rect[0 0 20 20]/FS<</Type/Filespec/F(x.exe)/EF<</F 10 0 R>>>>>>\nendobj\n"
         "10 0 obj\n<</Type/EmbeddedFile/Length 2>>\nstream\nMZ\nendstream\nendobj"},
        {"", TEST_PDF_A4 "/Annots[9 0 R]",
         "9 0 obj\n<</Type/Annot/Subtype/Link/Rect[0 0 20 20]/A<</S/Launch/F(cmd.exe)>>>>\nendobj"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum document_refusal why = refused(w, test_pdf_raw(a, cases[i].catalog, cases[i].page, "", cases[i].objects));
        if (why != DOCUMENT_ACTIVE)
            print_message("case %zu: %d\n", i, why);
        assert_int_equal(why, DOCUMENT_ACTIVE);
    }
    /* what is packed away is found, and what cannot be unpacked is not trusted */
    assert_int_equal(
        refused(w, test_pdf_raw(a, "/OpenAction<</S/Java#53cript/JS(app.alert\\(1\\))>>", TEST_PDF_A4, "", "")),
        DOCUMENT_ACTIVE);
    assert_int_equal(refused(w, packed(a, "1 0 <</S/JavaScript/JS(app.alert\\(1\\))>>", 0)), DOCUMENT_ACTIVE);
    assert_int_equal(refused(w, packed(a, "1 0 <</S/GoTo/D[3 0 R/Fit]>>", 7)), DOCUMENT_BROKEN);
    assert_int_equal(taken(w, packed(a, "1 0 <</S/GoTo/D[3 0 R/Fit]>>", 0)).pages, 1);
    /* a link to a page of the web is harmless */
    assert_int_equal(
        taken(
            w,
            test_pdf_raw(
                a, "", TEST_PDF_A4 "/Annots[9 0 R]", "",
                "9 0 obj\n<</Type/Annot/Subtype/Link/Rect[0 0 20 20]/A<</S/URI/URI(https://example.org/)>>>>\nendobj"))
            .pages,
        1);
}

/* Files that are small and mean something huge: they end, and the next one is served. */
static void survives_bombs(void **state)
{
    struct world *w = *state;
    struct arena *a = w->t.arena;
    struct document_read poster = taken(w, test_pdf(a, 1, 14400, 14400, "Huge"));
    struct buf b;

    assert_true(poster.width == 1600 && poster.height == 1600); /* large paper, small picture */
    assert_int_equal(refused(w, test_pdf_raw(a, "", "/MediaBox[0 0 2000000000 2000000000]", "", "")), DOCUMENT_BROKEN);
    assert_true(taken(w, test_pdf_raw(a, "", "/MediaBox[0 0 1 14400]", "", "")).width <= 1);
    /* each of ten forms draws the next one ten times: ten thousand million rectangles */
    buf_init(&b, a, 4096, 1 << 20);
    for (int i = 0; i < 10; i++) {
        buf_printf(
            &b,
            "%d 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>/Length %d>>\nstream\n",
            10 + i, 11 + i, 60);
        for (int k = 0; k < 10; k++)
            buf_put(&b, STR("/X Do "));
        buf_put(&b, STR("\nendstream\nendobj\n"));
    }
    buf_put(
        &b,
        STR("20 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Length 16>>\nstream\n0 0 500 500 re f\nendstream\nendobj\n"));
    buf_put(&b, STR("4 0 obj\n<</Length 5>>\nstream\n/X Do\nendstream\nendobj\n"));
    enum document_refusal why = refused(
        w, test_pdf_raw(a, "", TEST_PDF_A4 "/Contents 4 0 R/Resources<</XObject<</X 10 0 R>>>>", "",
                        str_cstr(a, buf_str(&b))));
    assert_true(why == DOCUMENT_SLOW || why == DOCUMENT_BROKEN);
    assert_int_equal(taken(w, test_pdf(a, 1, 595, 842, "Next")).pages, 1);
}

static void cleans_names(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"公示.pdf", "公示.pdf"},
        {"公示.PDF", "公示.pdf"},
        {"公示", "公示.pdf"},
        {"a.pdf.pdf", "a.pdf"},
        {"../../etc/passwd", "passwd.pdf"},
        {"C:\\Users\\me\\表格.pdf", "表格.pdf"},
        {"", "文件.pdf"},
        {".pdf", "文件.pdf"},
        {"...", "文件.pdf"},
        {"  ..hidden.pdf", "hidden.pdf"},
        {"invoice\xe2\x80\xae"
         "fdp.exe",
         "invoicefdp.exe.pdf"}, /* right-to-left override */
        {"a\"b;c\r\nX: y.pdf", "ab;cX y.pdf"},
        {"a\xff"
         "b.pdf",
         "ab.pdf"},
        {"<script>.pdf", "script.pdf"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct str name = document_name(w->t.arena, str_from_cstr(cases[i].in));
        if (!str_eq(name, str_from_cstr(cases[i].out)))
            print_message("%s: " STR_FMT "\n", cases[i].in, STR_ARG(name));
        assert_true(str_eq(name, str_from_cstr(cases[i].out)));
    }
    char longest[600];
    for (int i = 0; i < 199; i++)
        memcpy(longest + i * 3, "长", 3);
    longest[597] = 0;
    assert_int_equal(str_utf8_count(document_name(w->t.arena, str_from_cstr(longest))), DOCUMENT_NAME_MAX);
}

/* ---- rows and files ------------------------------------------------------------------------------------------------------ */

struct job {
    struct media_document document;
    int64_t to;
};

static enum result attach(struct db *db, void *arg)
{
    return document_attach(db, &((struct job *)arg)->document);
}
static enum result remove_it(struct db *db, void *arg)
{
    const struct job *job = arg;
    return document_remove(db, job->document.community, job->document.id);
}
static enum result carry(struct db *db, void *arg)
{
    const struct job *job = arg;
    return media_carry(db, job->document.community, job->to, STR("entry"), job->document.subject);
}

static struct job put(struct world *w, int64_t subject, const char *text)
{
    struct str pdf = test_pdf(w->t.arena, 2, 595, 842, text);
    struct document_read read = taken(w, pdf);
    struct job job = {.document = {.community = here,
                                   .subject_kind = STR("entry"),
                                   .subject = subject,
                                   .name = STR("公示.pdf"),
                                   .bytes = (int64_t)pdf.len,
                                   .pages = read.pages,
                                   .width = read.width,
                                   .height = read.height,
                                   .author = 7,
                                   .created_at = time_now()}};
    assert_int_equal(media_store_put(w->store, w->t.arena, read.full, read.thumb, &job.document.picture), OK);
    assert_int_equal(media_store_put_document(w->store, w->t.arena, pdf, &job.document.hash), OK);
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, attach, &job), OK);
    return job;
}

static void age(struct world *w, struct str hash, const char *ending)
{
    char path[300];
    struct timespec times[2] = {{.tv_sec = 1000000}, {.tv_sec = 1000000}};
    snprintf(path, sizeof(path), "%s/media/%.2s/" STR_FMT "%s", w->dir, hash.ptr, STR_ARG(hash), ending);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void files_live_as_long_as_rows(void **state)
{
    struct world *w = *state;
    struct arena *own = arena_open(32 << 20);
    struct job kept = put(w, 1, "Kept"), gone = put(w, 2, "Gone");
    struct media_verdict verdict;
    struct document_list list;
    struct str mapped;
    struct db *db;
    int64_t deleted = -1;

    assert_int_equal(db_read_begin(w->t.database, w->t.arena, &db), OK);
    assert_int_equal(document_of_subject(db, here, STR("entry"), 1, &list), OK);
    assert_true(list.n == 1 && list.document[0].pages == 2 && str_eq(list.document[0].name, STR("公示.pdf")));
    db_read_end(db);
    assert_int_equal(media_verify(w->t.database, w->store, own, 0, &verdict), OK);
    assert_true(verdict.id == 0 && verdict.documents == 2);

    assert_int_equal(db_write_wait(w->t.database, w->t.arena, remove_it, &gone), OK);
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, remove_it, &gone), E_NOT_FOUND);
    age(w, kept.document.hash, ".pdf");
    age(w, kept.document.picture, ".jpg");
    age(w, gone.document.hash, ".pdf");
    age(w, gone.document.picture, ".jpg");
    assert_int_equal(media_sweep(w->t.database, w->store, own, time_now(), &deleted), OK);
    assert_int_equal(deleted, 2);
    assert_int_equal(media_store_map_document(w->store, gone.document.hash, &mapped), E_NOT_FOUND);
    assert_int_equal(media_store_map_document(w->store, kept.document.hash, &mapped), OK);
    assert_true(mapped.len == (size_t)kept.document.bytes && str_starts(mapped, STR("%PDF-")));
    munmap((void *)(uintptr_t)mapped.ptr, mapped.len);

    /* a merger takes it along */
    kept.to = there;
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, carry, &kept), OK);
    assert_int_equal(db_read_begin(w->t.database, w->t.arena, &db), OK);
    assert_int_equal(document_of_subject(db, here, STR("entry"), 1, &list), OK);
    assert_int_equal(list.n, 0);
    assert_int_equal(document_of_subject(db, there, STR("entry"), 1, &list), OK);
    assert_int_equal(list.n, 1);
    db_read_end(db);

    /* the verifier sees a file that is gone */
    assert_int_equal(media_store_delete(w->store, kept.document.hash), OK);
    assert_int_equal(media_verify(w->t.database, w->store, own, 0, &verdict), OK);
    assert_true(verdict.id == kept.document.id && verdict.community == there && !verdict.damaged);
    arena_close(own);
}

int main(int argc, char **argv)
{
    static const struct worker_kind *const kinds[] = {&media_worker_kind};
    if (argc == 3 && strcmp(argv[1], "worker") == 0)
        return worker_main(kinds, 1, argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counts_pages_and_draws_the_first, setup, world_close),
        cmocka_unit_test_setup_teardown(refuses_with_a_reason, setup, world_close),
        cmocka_unit_test_setup_teardown(refuses_what_is_active, setup, world_close),
        cmocka_unit_test_setup_teardown(survives_bombs, setup, world_close),
        cmocka_unit_test_setup_teardown(cleans_names, setup, world_close),
        cmocka_unit_test_setup_teardown(files_live_as_long_as_rows, setup, world_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
