/* send_test.c: what leaves the app: when, how much of it, by which way, and with which words. The clock is ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "civic/notify/notify.h"
#include "civic/outbox/outbox_sms.h"
#include "civic/person/join.h"
#include "civic/service/service.h"
#include "engine/base/config.h"
#include "engine/base/time.h"
#include "support/test_sql.h"

static const int64_t here = 310113007011;

/* Kinds of the test's own, on texts that are there; the canary of the private text is in the arguments. */
static const struct notice_kind kinds[] = {
    {T_entry_tell_commented_yours, TOPIC_REPLY, WAY_NOW, false, T_notify_away_reply},
    {T_entry_tell_commented, TOPIC_REPLY, WAY_DIGEST, false, T_notify_away_reply},
    {T_entry_tell_hidden, TOPIC_NOTICE, WAY_NOW, true, T_notify_away_emergency},
    {T_entry_tell_shown, TOPIC_MINE, WAY_APP, false, T_notify_away_progress},
    {T_tell_merged, TOPIC_MINE, WAY_NOW, false, T_none},
};
static const struct notice_table table = {kinds, sizeof(kinds) / sizeof(kinds[0])};
static const struct notice_table *const tables[] = {&table};
static const struct notice_carrier *const carriers[] = {&notify_sms_carrier};

static struct world {
    struct test_db t;
    struct arena *own;
    struct config config;
    struct services services;
    FILE *console;
    char *printed;
    size_t n_printed;
    int64_t zhou;
    struct notify_round round;
} w;

static enum result make_person(struct db *db, void *arg)
{
    return person_create(db, w.services.keys, &(struct person_new){.mobile = STR("13800138000")}, time_now(), arg);
}

static int setup(void **state)
{
    struct str why = STR_NONE;
    (void)state;

    memset(&w, 0, sizeof w);
    test_db_open(&w.t);
    assert_int_equal(crypto_start(), OK);
    w.own = arena_open(8 << 20);
    time_set(time_at(2026, 3, 2, 10, 0));
    config_defaults(&w.config);
    w.config.sms.driver = SMS_CONSOLE;
    w.console = open_memstream(&w.printed, &w.n_printed);
    w.services.keys = crypto_keys_for_test();
    assert_int_equal(sms_open(&w.config, w.console, w.own, &w.services.sms, &why), OK);
    assert_int_equal(notify_use(tables, 1, w.own, &why), OK);
    notify_use_carriers(carriers, 1);
    notify_use_limits(&notice_limits_usual);
    assert_int_equal(db_write_wait(w.t.database, w.t.arena, make_person, &w.zhou), OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sms_close(w.services.sms);
    fclose(w.console);
    free(w.printed);
    crypto_keys_close(w.services.keys);
    arena_close(w.own);
    time_set(0);
    test_db_close(&w.t);
    return 0;
}

static enum result put(struct db *db, void *arg)
{
    return notify_put(db, arg, time_now());
}

static void tell(enum text text, int64_t subject)
{
    const struct text_arg args[] = {TEXT_STR("title", STR("金丝雀"))};
    struct notice n = {.person = w.zhou,
                       .community = here,
                       .text = text,
                       .arg = args,
                       .n_args = 1,
                       .url = url_path(w.t.arena, "/p/%" PRId64, here),
                       .subject_kind = STR("entry"),
                       .subject = subject};

    assert_int_equal(db_write_wait(w.t.database, w.t.arena, put, &n), OK);
}

static enum result choose(struct db *db, void *arg)
{
    return notify_choose(db, w.zhou, arg, time_now());
}
static void chooses(struct notice_choice c)
{
    assert_int_equal(db_write_wait(w.t.database, w.t.arena, choose, &c), OK);
}

/* What the phone got since the last time: the job's round, then the outbox. */
static const char *phone(void)
{
    static size_t seen;
    struct outbox_round out;

    if (w.n_printed == 0)
        seen = 0;
    assert_int_equal(
        notify_send(w.t.database, &w.services, w.own, STR("https://lilong.example.cn"), time_now(), &w.round), OK);
    assert_int_equal(
        outbox_deliver(w.t.database, w.services.keys, sms_notice_kind(w.services.sms), w.own, time_now(), &out), OK);
    fflush(w.console);
    const char *news = w.printed ? w.printed + seen : "";
    seen = w.n_printed;
    return news;
}
static int lines(const char *s)
{
    int n = 0;

    for (; *s; s++)
        n += *s == '\n';
    return n;
}

static const struct notice_choice usual = {
    .away = AWAY_IMPORTANT, .digest_hour = 18, .quiet_from = 21, .quiet_to = 8, .urgent_passes = true};

static void several_about_one_thing_are_one_message(void **state)
{
    const char *got;
    (void)state;

    tell(T_entry_tell_commented_yours, 7);
    assert_string_equal(phone(), ""); /* it waits for more of the same */
    time_set(time_now() + TIME_MINUTE);
    tell(T_entry_tell_commented_yours, 7);
    tell(T_entry_tell_commented_yours, 7);
    time_set(time_now() + 2 * TIME_MINUTE);
    got = phone();
    assert_int_equal(lines(got), 1);
    assert_non_null(strstr(got, "SMS 13800138000: 您有 3 条新回复"));
    assert_non_null(strstr(got, "https://lilong.example.cn/messages"));
    assert_null(strstr(got, "金丝雀")); /* what it is about stays in the app */
    assert_string_equal(phone(), "");   /* once */
    tell(T_entry_tell_commented_yours, 7);
    tell(T_entry_tell_commented_yours, 8);
    time_set(time_now() + 3 * TIME_MINUTE);
    got = phone(); /* of two things: one message all the same */
    assert_int_equal(lines(got), 1);
    assert_non_null(strstr(got, "您有 2 条新消息：回复和留言 2"));
}

static void night_is_quiet_but_for_what_is_urgent(void **state)
{
    (void)state;

    time_set(time_at(2026, 3, 2, 21, 30));
    tell(T_entry_tell_commented_yours, 7);
    tell(T_entry_tell_hidden, 9);
    assert_non_null(strstr(phone(), "紧急通知"));
    time_set(time_at(2026, 3, 3, 7, 59));
    assert_string_equal(phone(), "");
    time_set(time_at(2026, 3, 3, 8, 0));
    assert_non_null(strstr(phone(), "您有 1 条新回复"));

    struct notice_choice c = usual; /* who wants quiet has it, from what is urgent too */
    c.urgent_passes = false;
    chooses(c);
    time_set(time_at(2026, 3, 3, 23, 0));
    tell(T_entry_tell_hidden, 10);
    assert_string_equal(phone(), "");
    time_set(time_at(2026, 3, 4, 8, 0));
    assert_non_null(strstr(phone(), "紧急通知"));

    c.quiet_from = c.quiet_to = 0; /* no quiet hours at all */
    chooses(c);
    time_set(time_at(2026, 3, 4, 23, 0));
    tell(T_entry_tell_commented_yours, 11);
    time_set(time_at(2026, 3, 4, 23, 3));
    assert_int_equal(lines(phone()), 1);
}

/* The job came late, or the hours were changed while something waited. */
static void what_is_due_in_the_night_waits_for_the_morning(void **state)
{
    (void)state;

    time_set(time_at(2026, 3, 2, 20, 50));
    tell(T_entry_tell_commented_yours, 7);
    time_set(time_at(2026, 3, 2, 21, 5));
    assert_string_equal(phone(), "");
    assert_int_equal(w.round.put_off, 1);
    time_set(time_at(2026, 3, 3, 8, 0));
    assert_int_equal(lines(phone()), 1);
}

static void the_digest_is_one_message_at_its_hour(void **state)
{
    const char *got;
    (void)state;

    for (int i = 0; i < 4; i++)
        tell(T_entry_tell_commented, 20 + i);
    assert_int_equal(test_sql_int(&w.t, "SELECT COUNT(*) FROM notify_away"), 1); /* however many they are */
    time_set(time_at(2026, 3, 2, 17, 59));
    assert_string_equal(phone(), "");
    time_set(time_at(2026, 3, 2, 18, 0));
    got = phone();
    assert_int_equal(lines(got), 1);
    assert_non_null(strstr(got, "您有 4 条新消息：回复和留言 4"));
    time_set(time_at(2026, 3, 3, 18, 0)); /* nothing happened: nothing comes */
    assert_string_equal(phone(), "");

    struct notice_choice c = usual;
    c.away = AWAY_DIGEST;
    c.digest_hour = 7; /* in the quiet hours: the person has said both, and the later counts */
    chooses(c);
    tell(T_entry_tell_commented_yours, 30);
    time_set(time_at(2026, 3, 4, 7, 0));
    assert_string_equal(phone(), "");
    time_set(time_at(2026, 3, 4, 8, 0));
    assert_int_equal(lines(phone()), 1);
}

/* What waited for a digest goes out with it, whatever the person has chosen meanwhile; what has left already does not leave again. */
static void the_digest_has_what_waited_for_it(void **state)
{
    struct notice_choice c = usual;
    (void)state;

    tell(T_entry_tell_commented, 40);
    tell(T_entry_tell_commented_yours, 41); /* at once, and not read */
    time_set(time_at(2026, 3, 2, 11, 0));
    assert_int_equal(lines(phone()), 1);
    tell(T_entry_tell_commented, 42);
    test_sql(&w.t, "UPDATE notification SET read_at = 1 WHERE subject = 40");
    c.away = AWAY_ALL;
    chooses(c);
    tell(T_entry_tell_commented, 43); /* of the same kind, at once now */
    time_set(time_at(2026, 3, 2, 12, 0));
    assert_int_equal(lines(phone()), 1);
    time_set(time_at(2026, 3, 2, 18, 0));
    assert_non_null(strstr(phone(), "您有 1 条新消息：回复和留言 1"));
    time_set(time_at(2026, 3, 3, 18, 0));
    assert_string_equal(phone(), "");
}

/* A row for each message, as versions before wrote them, leaves as it was promised. */
static void what_waited_before_an_upgrade_leaves(void **state)
{
    (void)state;

    tell(T_entry_tell_commented, 50);
    test_sql(&w.t, "DELETE FROM notify_away");
    test_sql(&w.t, "UPDATE notification SET digest = 0");
    test_sql(
        &w.t,
        "INSERT INTO notify_away (person, community, text_key, subject_kind, subject, notification, count, digest, due_at) "
        "SELECT person, community, text_key, subject_kind, subject, id, 1, 1, %lld FROM notification",
        (long long)time_at(2026, 3, 2, 18, 0));
    tell(T_entry_tell_commented, 51);
    time_set(time_at(2026, 3, 2, 18, 0));
    assert_non_null(strstr(phone(), "您有 2 条新消息：回复和留言 2"));
}

static void what_was_read_in_the_app_is_not_sent(void **state)
{
    struct notifications list;
    struct db *db;
    (void)state;

    tell(T_entry_tell_commented_yours, 7);
    assert_int_equal(db_read_begin(w.t.database, w.t.arena, &db), OK);
    assert_int_equal(notify_list(db, w.zhou, LANG_ZH_CN, 0, 1, &list), OK);
    db_read_end(db);
    assert_int_equal(list.n, 1);
    assert_non_null(strstr(str_cstr(w.t.arena, list.notification[0].words), "金丝雀"));
    test_sql(&w.t, "UPDATE notification SET read_at = 1");
    time_set(time_now() + TIME_HOUR);
    assert_string_equal(phone(), "");
    assert_int_equal(w.round.dropped, 1);
    tell(T_entry_tell_commented, 8); /* nor in a digest that has nothing else */
    test_sql(&w.t, "UPDATE notification SET read_at = 1");
    time_set(time_at(2026, 3, 2, 18, 0));
    assert_string_equal(phone(), "");
    assert_int_equal(w.round.dropped, 1);
}

static void everybody_has_it_as_they_chose(void **state)
{
    struct notice_choice c = usual;
    (void)state;

    tell(T_entry_tell_shown, 7); /* stays in the app for who has chosen nothing */
    tell(T_tell_merged, 7);      /* and this one always */
    time_set(time_now() + TIME_HOUR);
    assert_string_equal(phone(), "");
    c.away = AWAY_ALL;
    chooses(c);
    tell(T_entry_tell_shown, 7);
    tell(T_tell_merged, 7);
    time_set(time_now() + 10 * TIME_MINUTE);
    assert_non_null(strstr(phone(), "有了新进展"));
    c.has_topic[TOPIC_MINE] = true;
    c.topic[TOPIC_MINE] = WAY_APP;
    chooses(c);
    tell(T_entry_tell_shown, 8);
    time_set(time_now() + 10 * TIME_MINUTE);
    assert_string_equal(phone(), "");
    tell(T_entry_tell_commented_yours, 9);
    c.away = AWAY_NONE; /* what waits already is not sent either */
    chooses(c);
    tell(T_entry_tell_hidden, 10);
    time_set(time_now() + 10 * TIME_MINUTE);
    assert_string_equal(phone(), "");
    c.quiet_to = 24;
    assert_int_equal(db_write_wait(w.t.database, w.t.arena, choose, &c), E_INVALID);
}

static void nobody_gets_fifty_messages(void **state)
{
    int got = 0, urgent = 0;
    (void)state;

    for (int i = 0; i < 50; i++) {
        tell(T_entry_tell_commented_yours, 100 + i);
        time_set(time_now() + 4 * TIME_MINUTE);
        got += lines(phone());
    }
    assert_int_equal(got, 5); /* the cap of a day */
    for (int i = 0; i < 50; i++)
        tell(T_entry_tell_hidden, 200 + i);
    urgent = lines(phone());
    assert_int_equal(urgent, 10);         /* three times the cap, those five counted */
    time_set(time_at(2026, 3, 3, 18, 0)); /* the rest is one message of the next day */
    const char *rest = phone();
    assert_int_equal(lines(rest), 1);
    assert_non_null(strstr(rest, "您有 45 条新消息"));
}

static enum result bounce(struct db *db, void *arg)
{
    return notify_unreachable(db, w.zhou, STR("sms"), *(int64_t *)arg);
}
static enum result again(struct db *db, void *arg)
{
    (void)arg;
    return notify_switch_on(db, w.zhou, STR("sms"));
}

static void a_dead_number_is_switched_off_with_a_notice(void **state)
{
    int64_t now = time_now(), unread = 0;
    struct db *db;
    (void)state;

    assert_int_equal(db_write_wait(w.t.database, w.t.arena, bounce, &now), OK);
    assert_int_equal(db_write_wait(w.t.database, w.t.arena, bounce, &now), OK);
    assert_int_equal(db_read_begin(w.t.database, w.t.arena, &db), OK);
    assert_int_equal(notify_unread(db, w.zhou, &unread), OK);
    db_read_end(db);
    assert_int_equal(unread, 1); /* told once */
    tell(T_entry_tell_commented_yours, 7);
    time_set(time_now() + 10 * TIME_MINUTE);
    assert_string_equal(phone(), "");
    assert_int_equal(db_write_wait(w.t.database, w.t.arena, again, NULL), OK);
    tell(T_entry_tell_commented_yours, 7);
    time_set(time_now() + 10 * TIME_MINUTE);
    assert_int_equal(lines(phone()), 1);
}

static void private_words_cannot_be_declared(void **state)
{
    static const struct notice_kind leaky[] = {
        {T_entry_tell_commented, TOPIC_REPLY, WAY_NOW, false, T_entry_tell_commented}};
    static const struct notice_kind twice[] = {
        {T_entry_tell_commented, TOPIC_REPLY, WAY_NOW, false, T_notify_away_reply},
        {T_entry_tell_commented, TOPIC_REPLY, WAY_APP, false, T_notify_away_reply}};
    static const struct notice_table a = {leaky, 1}, b = {twice, 2};
    const struct notice_table *const wrong[] = {&a}, *const double_[] = {&b};
    struct str why = STR_NONE;
    (void)state;

    assert_int_equal(notify_use(wrong, 1, w.own, &why), E_INVALID);
    assert_true(str_find(why, STR("entry.tell_commented")) != SIZE_MAX);
    assert_int_equal(notify_use(double_, 1, w.own, &why), E_INVALID);
    assert_true(str_find(why, STR("twice")) != SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(several_about_one_thing_are_one_message, setup, teardown),
        cmocka_unit_test_setup_teardown(night_is_quiet_but_for_what_is_urgent, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_due_in_the_night_waits_for_the_morning, setup, teardown),
        cmocka_unit_test_setup_teardown(the_digest_is_one_message_at_its_hour, setup, teardown),
        cmocka_unit_test_setup_teardown(the_digest_has_what_waited_for_it, setup, teardown),
        cmocka_unit_test_setup_teardown(what_waited_before_an_upgrade_leaves, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_read_in_the_app_is_not_sent, setup, teardown),
        cmocka_unit_test_setup_teardown(everybody_has_it_as_they_chose, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_gets_fifty_messages, setup, teardown),
        cmocka_unit_test_setup_teardown(a_dead_number_is_switched_off_with_a_notice, setup, teardown),
        cmocka_unit_test_setup_teardown(private_words_cannot_be_declared, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
