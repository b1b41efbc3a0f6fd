/* place_test.c: the arithmetic of codes, the real tree, mergers and splits that lose and double nothing, and files from offices. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "civic/ledger/ledger.h"
#include "civic/place/place_import.h"
#include "engine/base/time.h"
#include "support/test_sql.h"

#define CITY INT64_C(310000000000)
#define DISTRICT INT64_C(310113000000)
#define STREET INT64_C(310113007000)
#define A INT64_C(310113007011) /* 吴淞新城居委会 */
#define B INT64_C(310113007007)
#define C INT64_C(310113007199) /* not given out */
#define NOW time_at(2026, 3, 1, 9, 0)

static struct test_db t;

static void arithmetic(void **state)
{
    int64_t from, to, chain[4], code;
    (void)state;

    assert_int_equal(place_level_of(CITY), PLACE_CITY);
    assert_int_equal(place_level_of(DISTRICT), PLACE_DISTRICT);
    assert_int_equal(place_level_of(STREET), PLACE_STREET);
    assert_int_equal(place_level_of(A), PLACE_COMMUNITY);
    static const int64_t none[] = {0,
                                   -1,
                                   1,
                                   310113,
                                   310100000000,
                                   310100001000,
                                   310113000011,
                                   310000007000,
                                   310000000001,
                                   INT64_MAX,
                                   99999999999,
                                   1000000000000};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (place_level_of(none[i]) != PLACE_NONE)
            fail_msg("%lld is taken for a place", (long long)none[i]);
        place_range(none[i], &from, &to);
        assert_true(from > to);
        assert_int_equal(place_parent(none[i]), 0);
        assert_int_equal(place_chain(none[i], chain), 0);
    }
    place_range(CITY, &from, &to);
    assert_true(from == CITY && to == 319999999999);
    place_range(DISTRICT, &from, &to);
    assert_true(from == DISTRICT && to == 310113999999);
    place_range(STREET, &from, &to);
    assert_true(from == STREET && to == 310113007999);
    place_range(A, &from, &to);
    assert_true(from == A && to == A);
    assert_int_equal(place_parent(A), STREET);
    assert_int_equal(place_parent(STREET), DISTRICT);
    assert_int_equal(place_parent(DISTRICT), CITY);
    assert_int_equal(place_parent(CITY), 0);
    assert_int_equal(place_chain(A, chain), 4);
    assert_true(chain[0] == CITY && chain[1] == DISTRICT && chain[2] == STREET && chain[3] == A);
    assert_int_equal(place_chain(DISTRICT, chain), 2);
    assert_true(place_contains(STREET, A) && place_contains(A, A) && place_contains(CITY, A));
    assert_false(place_contains(A, STREET) || place_contains(STREET, 310113008011) ||
                 place_contains(CITY, 310100000000));
    assert_int_equal(place_parse(STR("310113007011"), &code), OK);
    assert_int_equal(code, A);
    assert_int_equal(place_parse(STR("31011300701"), &code), E_INVALID);
    assert_int_equal(place_parse(STR("310100000000"), &code), E_INVALID);
    assert_int_equal(place_parse(STR("31011300701a"), &code), E_INVALID);
    assert_int_equal(place_kind_of(STREET), PLACE_KIND_STREET);
    assert_int_equal(place_kind_of(310113102000), PLACE_KIND_TOWN);
    assert_int_equal(place_kind_of(310113501000), PLACE_KIND_STREET_LIKE);
    assert_int_equal(place_kind_of(A), PLACE_KIND_RESIDENTS);
    assert_int_equal(place_kind_of(310113102201), PLACE_KIND_VILLAGERS);
    assert_string_equal(place_kind_word(PLACE_KIND_VILLAGERS), "villagers_committee");
    assert_true(str_eq(place_short_name(STR("吴淞新城居委会")), STR("吴淞新城")));
    assert_true(str_eq(place_short_name(STR("光明村村民委员会")), STR("光明村")));
    assert_true(str_eq(place_short_name(STR("光明村委会")), STR("光明")));
    assert_true(str_eq(place_short_name(STR("居委会")), STR("居委会")));
}

/* ---- the work of a test inside a transaction ---------------------------------------------------------------------------- */

static void write(enum result (*run)(struct db *db, void *arg), void *arg, enum result expected)
{
    struct arena *a = arena_open(256 << 20);

    assert_int_equal(db_write_wait(t.database, a, run, arg), expected);
    arena_close(a);
}

static enum result import(struct db *db, void *arg)
{
    struct import_report rep;
    (void)arg;

    assert_int_equal(place_import_tree(db, place_embedded_tree(), time_at(2026, 1, 1, 0, 0), &rep), OK);
    assert_int_equal(rep.rows, 6760);
    assert_int_equal(rep.added, 6760);
    assert_int_equal(rep.gone + rep.same + rep.changed + rep.n_faults, 0);
    return OK;
}

static int setup(void **state)
{
    (void)state;
    test_db_open(&t);
    write(import, NULL, OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_db_close(&t);
    return 0;
}

static enum result look(struct db *db, void *arg)
{
    struct import_report rep;
    struct places list;
    struct place p;
    struct str name;
    int64_t n;
    (void)arg;

    assert_int_equal(place_count(db, PLACE_DISTRICT, &n), OK);
    assert_int_equal(n, 16);
    assert_int_equal(place_count(db, PLACE_STREET, &n), OK);
    assert_int_equal(n, 234);
    assert_int_equal(place_count(db, PLACE_COMMUNITY, &n), OK);
    assert_int_equal(n, 6509);
    assert_int_equal(place_get(db, A, &p), OK);
    assert_true(str_eq(p.name, STR("吴淞新城居委会")) && p.parent == STREET && p.level == PLACE_COMMUNITY);
    assert_int_equal(place_get(db, 310100000000, &p), E_NOT_FOUND);
    assert_int_equal(place_children(db, CITY, false, &list), OK);
    assert_int_equal(list.n, 16);
    assert_int_equal(place_children(db, STREET, false, &list), OK);
    assert_int_equal(list.n, 28);
    assert_int_equal(place_path(db, A, &list), OK);
    assert_int_equal(list.n, 4);
    assert_true(str_eq(list.place[1].name, STR("宝山区")) && str_eq(list.place[2].name, STR("吴淞街道")));
    assert_int_equal(place_full_name(db, A, &name), OK);
    assert_true(str_eq(name, STR("吴淞街道 吴淞新城居委会")));
    assert_int_equal(place_search(db, STR("吴淞新城"), 10, &list), OK);
    assert_true(list.n >= 1 && list.place[0].code == A);
    assert_int_equal(place_search(db, STR("%"), 10, &list), OK);
    assert_int_equal(list.n, 0);
    assert_int_equal(place_now(db, A, &list), OK);
    assert_true(list.n == 1 && list.place[0].code == A);
    assert_int_equal(place_now(db, C, &list), E_NOT_FOUND);

    /* the same edition again changes nothing; one name changed and one code gone are seen */
    assert_int_equal(place_import_tree(db, place_embedded_tree(), NOW, &rep), OK);
    assert_true(rep.same == 6760 && rep.added + rep.changed + rep.gone == 0);
    assert_int_equal(
        place_import_tree(
            db,
            STR("code,name,parent\n310113007011,吴淞新城第一居委会,310113007000\n310113007199,新居委会,310113007000\n"),
            NOW, &rep),
        OK);
    assert_true(rep.changed == 1 && rep.added == 1 && rep.gone == 6759);
    return E_CONFLICT; /* undo it */
}

static void the_real_tree(void **state)
{
    (void)state;
    write(look, NULL, E_CONFLICT);
}

static enum result bad_trees(struct db *db, void *arg)
{
    static const struct {
        const char *text;
        size_t line;
        const char *why;
    } rows[] = {
        {"code,name\n31011300701,x\n", 2, "a code has twelve digits"},
        {"code,name\n310113000011,x\n", 2, "this is not the code of a place"},
        {"code,name\n310113007011,\n", 2, "a name has 1 to 100 characters"},
        {"code,name,parent\n310113007011,x,310113008000\n", 2, "the parent does not fit the code"},
        {"code,name\n310113007198,x\n310113007198,y\n", 3, "this code is there twice"},
        {"code,name\n310199007198,x\n", 2, "the place above is not there"},
        {"code,name\n310100000000,市辖区\n", 0, "there is no place in the file"},
        {"name\nx\n", 1, "a column is missing"},
        {"code,name\n310113007011,x,y\n", 2, "too many fields"},
        {"\xFF\xFF\xFF", 0, "the file is neither UTF-8 nor GBK text"},
        {"", 1, "the first line must name the columns"},
    };
    struct import_report rep;
    (void)arg;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(place_import_tree(db, str_from_cstr(rows[i].text), NOW, &rep), E_INVALID);
        assert_int_equal(rep.n_faults, 1);
        if (rep.fault[0].line != rows[i].line || strcmp(rep.fault[0].why, rows[i].why) != 0)
            fail_msg("line %zu: %s", rep.fault[0].line, rep.fault[0].why);
    }
    return OK;
}

static void broken_files_are_named_line_by_line(void **state)
{
    (void)state;
    write(bad_trees, NULL, OK);
}

/* ---- below a community ------------------------------------------------------------------------------------------------------ */

static enum result names(struct db *db, void *arg)
{
    static const struct {
        const char *name, *key;
    } rows[] = {{"3号楼", "3"},   {" 3 号 ", "3"}, {"３号楼", "3"}, {"3幢", "3"},  {"A座", "a"},
                {"502室", "502"}, {"502", "502"},  {"楼", "楼"},    {"1单元", "1"}};
    struct estate e = {.community = A, .name = STR("海江路小区"), .address = STR("海江路 100 弄")}, f = e, g;
    struct building b = {.community = A, .name = STR("3号楼")}, b2;
    struct dwelling d = {.community = A, .room = STR("502室"), .exclusive_area = 71.5}, d2;
    struct buildings list;
    struct estates estates;
    struct str code;
    (void)arg;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(str_eq(place_name_key(db_arena(db), str_from_cstr(rows[i].name)), str_from_cstr(rows[i].key)));
    assert_int_equal(estate_create(db, &e, NOW, 1), OK);
    assert_int_equal(e.qr_code.len, 8);
    f.name = STR("海江路 小区");
    assert_int_equal(estate_create(db, &f, NOW, 1), E_CONFLICT);
    f.community = STREET;
    assert_int_equal(estate_create(db, &f, NOW, 1), E_INVALID);
    f.community = C;
    assert_int_equal(estate_create(db, &f, NOW, 1), E_NOT_FOUND);
    assert_int_equal(estate_by_code(db, e.qr_code, &g), OK);
    assert_true(g.id == e.id && g.community == A && str_eq(g.address, e.address));
    char lower[8];
    for (int i = 0; i < 8; i++)
        lower[i] = e.qr_code.ptr[i] >= 'A' ? (char)(e.qr_code.ptr[i] + 32) : e.qr_code.ptr[i];
    assert_int_equal(estate_by_code(db, (struct str){lower, 8}, &g), OK);
    assert_int_equal(estate_by_code(db, STR("00000000"), &g), E_NOT_FOUND);
    assert_int_equal(estate_by_code(db, STR("x"), &g), E_NOT_FOUND);
    assert_int_equal(estate_renew_code(db, A, e.id, NOW, 1, &code), OK);
    assert_int_equal(estate_by_code(db, e.qr_code, &g), E_NOT_FOUND);
    assert_int_equal(estate_by_code(db, code, &g), OK);
    assert_int_equal(estate_list(db, A, &estates), OK);
    assert_true(estates.n == 1 && str_eq(estates.estate[0].qr_code, code));

    b.estate = e.id;
    assert_int_equal(building_create(db, &b), OK);
    b2 = b, b2.name = STR("3 号");
    assert_int_equal(building_create(db, &b2), E_CONFLICT);
    b2.name = STR("12号楼"), b2.position = 0;
    assert_int_equal(building_create(db, &b2), OK);
    assert_int_equal(building_list(db, A, e.id, &list), OK);
    assert_true(list.n == 2 && list.building[0].id == b.id); /* 3 before 12 */
    assert_int_equal(building_find(db, A, e.id, STR("3"), &b2), OK);
    assert_int_equal(b2.id, b.id);
    assert_int_equal(building_find(db, A, e.id, STR("4"), &b2), E_NOT_FOUND);
    assert_int_equal(building_find(db, B, e.id, STR("3"), &b2), E_NOT_FOUND);

    d.estate = e.id, d.building = b.id;
    assert_int_equal(dwelling_create(db, &d), OK);
    d2 = d;
    assert_int_equal(dwelling_create(db, &d2), E_CONFLICT);
    assert_int_equal(dwelling_find(db, A, b.id, STR("502"), &d2), OK);
    assert_true(d2.id == d.id && d2.exclusive_area == 71.5);
    d2 = (struct dwelling){
        .community = A, .estate = e.id, .building = b.id, .staircase = STR("1单元"), .room = STR("601")};
    assert_int_equal(dwelling_create(db, &d2), OK);
    assert_int_equal(dwelling_find(db, A, b.id, STR("601室"), &d), OK);
    assert_int_equal(dwelling_find(db, A, b.id, STR("1单元601"), &d), OK);
    assert_int_equal(d.id, d2.id);
    d2.staircase = STR("2单元");
    assert_int_equal(dwelling_create(db, &d2), OK);
    assert_int_equal(dwelling_find(db, A, b.id, STR("601"), &d), E_CONFLICT);
    assert_int_equal(dwelling_find(db, A, b.id, STR("2-601"), &d), OK);
    assert_int_equal(d.id, d2.id);
    assert_int_equal(dwelling_find(db, A, b.id, STR("999"), &d), E_NOT_FOUND);
    return E_CONFLICT;
}

static void estates_and_rooms_are_found_as_people_write_them(void **state)
{
    (void)state;
    write(names, NULL, E_CONFLICT);
}

static enum result bodies(struct db *db, void *arg)
{
    struct organisation o = {.place = A, .kind = STR("residents_committee"), .name = STR("吴淞新城居委会")}, p = o, q;
    struct organisations list;
    (void)arg;

    assert_int_equal(organisation_create(db, &o, NOW, 1), OK);
    p.kind = STR("committee");
    assert_int_equal(organisation_create(db, &p, NOW, 1), E_INVALID);
    p.kind = STR("property_company"), p.place = C;
    assert_int_equal(organisation_create(db, &p, NOW, 1), E_INVALID);
    p.place = B, p.name = STR("好邻居物业");
    assert_int_equal(organisation_create(db, &p, NOW, 1), OK);
    q = (struct organisation){.place = STREET, .kind = STR("urban_management"), .name = STR("城管中队")};
    assert_int_equal(organisation_create(db, &q, NOW, 1), OK);
    assert_int_equal(organisation_for(db, A, &list), OK);
    assert_int_equal(list.n, 2); /* its own and the street's */
    assert_int_equal(organisation_serve(db, p.id, A, true), OK);
    assert_int_equal(organisation_serve(db, p.id, A, true), OK);
    assert_int_equal(organisation_for(db, A, &list), OK);
    assert_int_equal(list.n, 3);
    assert_int_equal(organisation_serve(db, p.id, A, false), OK);
    assert_int_equal(organisation_head_of(db, A, &p), OK);
    assert_int_equal(p.id, o.id);
    assert_int_equal(organisation_head_of(db, B, &p), E_NOT_FOUND);
    q.name = STR("");
    assert_int_equal(organisation_update(db, &q, NOW, 1), E_INVALID);
    q.name = STR("城管执法中队");
    assert_int_equal(organisation_update(db, &q, NOW, 1), OK);
    assert_int_equal(organisation_end(db, q.id, NOW, 1), OK);
    assert_int_equal(organisation_end(db, q.id, NOW, 1), E_CONFLICT);
    assert_int_equal(organisation_for(db, A, &list), OK);
    assert_int_equal(list.n, 1);
    assert_int_equal(organisation_get(db, q.id, &p), OK);
    assert_true(p.valid_to == NOW && str_eq(p.name, STR("城管执法中队")));
    return E_CONFLICT;
}

static void organisations_are_attached_to_places(void **state)
{
    (void)state;
    write(bodies, NULL, E_CONFLICT);
}

static enum result files(struct db *db, void *arg)
{
    struct import_report rep;
    struct dwelling d;
    struct building b;
    struct estates e;
    int64_t n;
    (void)arg;

    assert_int_equal(
        place_import_estates(db, A, STR("小区,地址\r\n海江路小区,海江路100弄\r\n淞南一村,\r\n"), NOW, 1, &rep), OK);
    assert_true(rep.added == 2 && rep.rows == 2);
    assert_int_equal(
        place_import_estates(
            db, 0, STR("community,estate,address\n310113007011,海江路小区,海江路102弄\n310113007007,海江路小区,x\n"),
            NOW, 1, &rep),
        OK);
    assert_true(rep.added == 1 && rep.changed == 1);
    static const char text[] =
        "小区,楼栋,单元,室号,面积\n海江路小区,1号楼,,101,71.5\n海江路小区,1号楼,,102,71.50㎡\n海江路小区,2号楼,1单元,101,\n海江路小区,2号楼,2单元,101,88\n新小区,1幢,,101,0\n";
    assert_int_equal(place_import_dwellings(db, A, str_from_cstr(text), NOW, 1, &rep), OK);
    assert_int_equal(rep.added, 5);
    assert_int_equal(place_import_dwellings(db, A, str_from_cstr(text), NOW, 1, &rep), OK);
    assert_true(rep.added == 0 && rep.same == 5);
    assert_int_equal(place_import_dwellings(
                         db, A,
                         STR("estate,building,staircase,room,area\n海江路小区,1,,101室,75\n海江路小区,2,2,101,\n"), NOW,
                         1, &rep),
                     OK);
    assert_true(rep.changed == 2); /* 75 m², and 2单元 is now written 2 */
    assert_int_equal(dwelling_count(db, STREET, &n), OK);
    assert_int_equal(n, 5);
    assert_int_equal(estate_list(db, A, &e), OK);
    assert_int_equal(e.n, 3);
    assert_int_equal(building_find(db, A, e.estate[0].id, STR("2号楼"), &b), OK);
    assert_int_equal(dwelling_find(db, A, b.id, STR("2单元101"), &d), OK);
    assert_true(d.exclusive_area == 88);

    static const char bad[] =
        "estate,building,room,area,community\n,1,101,,\nx,,101,,\nx,1,,,\nx,1,101,abc,\nx,1,101,-5,\nx,1,101,1.2.3,\nx,1,101,5.,\nx,1,101,,310113007007\nx,1\n";
    assert_int_equal(place_import_dwellings(db, A, str_from_cstr(bad), NOW, 1, &rep), E_INVALID);
    assert_int_equal(rep.n_faults, 9);
    for (size_t i = 0; i < 9; i++)
        assert_int_equal(rep.fault[i].line, i + 2);
    assert_int_equal(place_import_dwellings(db, C, STR("estate,building,room\nx,1,101\n"), NOW, 1, &rep), E_INVALID);
    assert_string_equal(rep.fault[0].why, "there is no such community");
    assert_int_equal(place_import_estates(db, 0, STR("estate\nx\n"), NOW, 1, &rep), E_INVALID);
    assert_int_equal(dwelling_count(db, STREET, &n), OK);
    assert_int_equal(n, 5);
    return E_CONFLICT;
}

static void files_of_estates_and_dwellings(void **state)
{
    (void)state;
    write(files, NULL, E_CONFLICT);
}

/* ---- mergers and splits --------------------------------------------------------------------------------------------------------- */

static int64_t estate_a, estate_a2, estate_b, dwelling_a;
static struct str code_a;
static int moved;

static enum result furnish(struct db *db, void *arg)
{
    struct import_report rep;
    struct estates e;
    struct building b;
    struct dwelling d;
    static char code[8];
    (void)arg;

    assert_int_equal(place_import_dwellings(
                         db, 0,
                         STR("community,estate,building,room\n310113007011,甲小区,1,101\n310113007011,甲小区,1,102\n"
                             "310113007011,乙小区,1,101\n310113007007,丙小区,1,101\n"),
                         NOW, 1, &rep),
                     OK);
    assert_int_equal(estate_list(db, A, &e), OK);
    estate_a = e.estate[0].id, estate_a2 = e.estate[1].id;
    memcpy(code, e.estate[0].qr_code.ptr, 8);
    code_a = (struct str){code, 8};
    assert_int_equal(building_find(db, A, estate_a, STR("1"), &b), OK);
    assert_int_equal(dwelling_find(db, A, b.id, STR("101"), &d), OK);
    dwelling_a = d.id;
    assert_int_equal(estate_list(db, B, &e), OK);
    estate_b = e.estate[0].id;
    struct organisation o = {.place = A, .kind = STR("property_company"), .name = STR("物业")};
    assert_int_equal(organisation_create(db, &o, NOW, 1), OK);
    assert_int_equal(organisation_serve(db, o.id, B, true), OK);
    return OK;
}

static enum result count_move(struct db *db, int64_t from, int64_t to, int64_t estate, int64_t at)
{
    (void)db, (void)from, (void)to, (void)estate, (void)at;
    moved++;
    return OK;
}

static enum result succeed(struct db *db, void *arg)
{
    return place_succeed(db, arg);
}

static enum result after_merger(struct db *db, void *arg)
{
    struct places list;
    struct place p;
    struct estates e;
    struct estate one;
    struct dwelling d;
    struct organisations o;
    struct ledger_events events;
    const int64_t *codes;
    size_t n_codes;
    int64_t n;
    (void)arg;

    assert_int_equal(place_get(db, A, &p), OK);
    assert_int_equal(p.valid_to, NOW);
    assert_int_equal(place_now(db, A, &list), OK);
    assert_true(list.n == 1 && list.place[0].code == C && str_eq(list.place[0].name, STR("吴淞大居委会")));
    assert_int_equal(place_now(db, B, &list), OK);
    assert_true(list.n == 1 && list.place[0].code == C);
    assert_int_equal(place_heir(db, A, &n), OK);
    assert_int_equal(n, C);
    assert_int_equal(place_stands_for(db, C, &codes, &n_codes), OK);
    assert_true(n_codes == 2 && codes[0] + codes[1] == A + B);
    assert_int_equal(place_stands_for(db, A, &codes, &n_codes), OK);
    assert_int_equal(n_codes, 0);
    assert_int_equal(place_children(db, STREET, false, &list), OK);
    assert_int_equal(list.n, 27);
    assert_int_equal(place_children(db, STREET, true, &list), OK);
    assert_int_equal(list.n, 29);
    /* everything is at the new one, under the same ids, and counted once */
    assert_int_equal(estate_list(db, C, &e), OK);
    assert_int_equal(e.n, 3);
    assert_int_equal(estate_list(db, A, &e), OK);
    assert_int_equal(e.n, 0);
    assert_int_equal(dwelling_count(db, STREET, &n), OK);
    assert_int_equal(n, 4);
    assert_int_equal(dwelling_count(db, C, &n), OK);
    assert_int_equal(n, 4);
    assert_int_equal(dwelling_get(db, C, dwelling_a, &d), OK);
    assert_int_equal(dwelling_get(db, A, dwelling_a, &d), OK); /* what happened there still finds its room */
    assert_int_equal(estate_by_code(db, code_a, &one), OK);    /* the poster on the wall still works */
    assert_true(one.community == C && one.id == estate_a);
    assert_int_equal(estate_get(db, A, estate_a, &one), OK);
    assert_int_equal(one.valid_to, NOW);
    assert_int_equal(organisation_for(db, C, &o), OK);
    assert_int_equal(o.n, 1);
    assert_int_equal(ledger_since(db, STREET, 0, 100, &events), OK);
    assert_int_equal(events.n, 3);
    assert_true(str_eq(events.event[0].verb, STR("founded")) && str_eq(events.event[1].verb, STR("succeeded")) &&
                events.event[2].subject == B);
    assert_int_equal(moved, 3);
    return OK;
}

static enum result after_split(struct db *db, void *arg)
{
    struct places list;
    struct estate one;
    struct dwelling d;
    const int64_t *codes;
    size_t n_codes;
    int64_t n;
    (void)arg;

    /* C gave 甲小区 to a new one and goes on with the others; then the new one gave it back */
    assert_int_equal(place_now(db, A, &list), OK);
    assert_true(list.n == 1 && list.place[0].code == C);
    assert_int_equal(place_now(db, C + 1, &list), OK);
    assert_true(list.n == 1 && list.place[0].code == C);
    assert_int_equal(place_stands_for(db, C, &codes, &n_codes), OK); /* never for itself, which it came of as well */
    assert_int_equal(n_codes, 3);
    assert_int_equal(place_heir(db, C, &n), OK);
    assert_int_equal(n, C);
    assert_int_equal(estate_by_code(db, code_a, &one), OK);
    assert_true(one.community == C && one.valid_to == 0);
    assert_int_equal(dwelling_get(db, C, dwelling_a, &d), OK);
    assert_int_equal(dwelling_count(db, CITY, &n), OK);
    assert_int_equal(n, 4);
    return OK;
}

static void mergers_and_splits_keep_history(void **state)
{
    static const struct place_mover mover = {.name = "test", .move = count_move};
    static const struct place_mover *const all[] = {&mover};
    const int64_t ab[] = {A, B}, c[] = {C}, d[] = {C + 1};
    const struct place_new big[] = {{C, STR("吴淞大居委会")}}, two[] = {{C, STR_NONE}, {C + 1, STR("吴淞小居委会")}},
                           back[] = {{C, STR_NONE}};
    struct place_change merge = {ab, 2, big, 1, NULL, 0, NOW, 9}, change;
    (void)state;

    place_move_with(all, 1);
    write(furnish, NULL, OK);
    change = merge, change.n_to = 0;
    write(succeed, &change, E_INVALID);
    change = merge, change.to = two, change.n_to = 2;
    write(succeed, &change, E_INVALID); /* two to two: say it in two steps */
    change = merge, change.to = back;
    write(succeed, &change, E_NOT_FOUND);
    moved = 0;
    write(succeed, &merge, OK);
    write(after_merger, NULL, OK);
    write(succeed, &merge, E_CONFLICT); /* once */

    struct place_moves move = {estate_a, C + 1}, wrong = {estate_a, A};
    struct place_change split = {c, 1, two, 2, &move, 1, NOW + TIME_DAY, 9};
    change = split, change.move = &wrong;
    write(succeed, &change, E_INVALID);
    write(succeed, &split, OK);
    struct place_change again = {d, 1, back, 1, NULL, 0, NOW + 2 * TIME_DAY, 9};
    write(succeed, &again, OK);
    write(after_split, NULL, OK);
    place_move_with(NULL, 0);

    struct arena *a = arena_open(16 << 20);
    struct ledger_verdict v;
    assert_int_equal(ledger_verify(t.database, a, 0, &v), OK);
    assert_int_equal(v.fault, LEDGER_WHOLE);
    arena_close(a);
}

static enum result found(struct db *db, void *arg)
{
    (void)arg;
    assert_int_equal(place_found(db, A, STR("x"), NOW, 1), E_CONFLICT);
    assert_int_equal(place_found(db, 310113007150, STR(""), NOW, 1), E_INVALID);
    assert_int_equal(place_found(db, 310199007150, STR("x"), NOW, 1), E_INVALID);
    assert_int_equal(place_found(db, 310113007150, STR("x居委会"), NOW, 1), OK);
    assert_int_equal(place_rename(db, 310113007150, STR("y居委会"), NOW, 1), OK);
    assert_int_equal(place_rename(db, 310113007151, STR("y居委会"), NOW, 1), E_NOT_FOUND);
    return OK;
}

static void founding_and_renaming(void **state)
{
    (void)state;
    write(found, NULL, OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic),
        cmocka_unit_test(the_real_tree),
        cmocka_unit_test(broken_files_are_named_line_by_line),
        cmocka_unit_test(estates_and_rooms_are_found_as_people_write_them),
        cmocka_unit_test(organisations_are_attached_to_places),
        cmocka_unit_test(files_of_estates_and_dwellings),
        cmocka_unit_test(mergers_and_splits_keep_history),
        cmocka_unit_test(founding_and_renaming),
    };
    return cmocka_run_group_tests_name("place", tests, setup, teardown);
}
