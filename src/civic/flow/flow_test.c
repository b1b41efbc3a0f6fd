/* flow_test.c: the engine on a toy, and what a broken table is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "civic/flow/flow.h"

/* A borrowed ladder: asked → lent → returned; refused at the door; lost while lent. */
enum { ASKED, LENT, RETURNED, REFUSED, N_STATES };
enum { LEND, REFUSE, GIVE_BACK, ASK_AGAIN, N_ACTIONS };
enum { BORROWER = 1, OWNER = 2 };
enum { REASON = 1, PHOTO = 2 };
enum { ANSWER = 1, LOAN = 2 };

static const struct flow_state states[] = {{"asked", false}, {"lent", false}, {"returned", true}, {"refused", true}};
static const struct flow_action actions[] = {{"lend"}, {"refuse"}, {"give_back"}, {"ask_again"}};
static const struct flow_stage stages[] = {{"answer", LIMIT_WORK_HOUR, 2, 50}, {"loan", LIMIT_CALENDAR_DAY, 7, 0}};
static const struct flow_step steps[] = {
    {ASKED, LEND, LENT, OWNER, 0, LOAN, ANSWER},
    {ASKED, REFUSE, REFUSED, OWNER, REASON, 0, ANSWER},
    {LENT, GIVE_BACK, RETURNED, BORROWER, PHOTO | REASON, 0, LOAN},
    {LENT, GIVE_BACK, RETURNED, OWNER, 0, 0, LOAN},
    {REFUSED, ASK_AGAIN, ASKED, BORROWER, 0, ANSWER, 0},
};
#define N(a) (int)(sizeof(a) / sizeof *(a))
static const struct flow ladder = {"ladder",   ASKED,  states,    N(states), actions,
                                   N(actions), stages, N(stages), steps,     N(steps)};

static void steps_are_taken_or_refused(void **state)
{
    const struct flow_step *s = NULL;
    uint32_t missing = 0;
    (void)state;

    assert_int_equal(flow_take(&ladder, ASKED, LEND, OWNER, 0, &s, &missing), OK);
    assert_int_equal(s->to, LENT);
    assert_int_equal(s->starts, LOAN);
    s = NULL;
    assert_int_equal(flow_take(&ladder, ASKED, LEND, BORROWER, 0, &s, NULL), E_DENIED);
    assert_int_equal(flow_take(&ladder, ASKED, LEND, 0, 0, &s, NULL), E_DENIED);
    assert_int_equal(flow_take(&ladder, ASKED, REFUSE, OWNER, PHOTO, &s, &missing), E_INVALID);
    assert_int_equal(missing, REASON);
    assert_int_equal(flow_take(&ladder, ASKED, REFUSE, OWNER, 0, &s, NULL), E_INVALID);
    assert_int_equal(flow_take(&ladder, RETURNED, GIVE_BACK, OWNER, 0, &s, NULL), E_CONFLICT);
    assert_int_equal(flow_take(&ladder, -1, GIVE_BACK, OWNER, 0, &s, NULL), E_CONFLICT);
    assert_int_equal(flow_take(&ladder, ASKED, 99, OWNER, 0, &s, NULL), E_CONFLICT);
    assert_null(s);
    /* the same action asks different things of different roles */
    assert_int_equal(flow_take(&ladder, LENT, GIVE_BACK, BORROWER, PHOTO, &s, &missing), E_INVALID);
    assert_int_equal(missing, REASON);
    assert_int_equal(flow_take(&ladder, LENT, GIVE_BACK, OWNER, 0, &s, NULL), OK);
    assert_ptr_equal(s, &steps[3]);
}

static void buttons_follow_from_state_and_role(void **state)
{
    const struct flow_step *legal[8];
    (void)state;

    assert_int_equal(flow_legal(&ladder, ASKED, OWNER, legal, 8), 2);
    assert_int_equal(legal[1]->action, REFUSE);
    assert_int_equal(flow_legal(&ladder, ASKED, OWNER, legal, 1), 1);
    assert_int_equal(flow_legal(&ladder, ASKED, BORROWER, legal, 8), 0);
    assert_int_equal(flow_legal(&ladder, REFUSED, BORROWER | OWNER, legal, 8), 1);
    assert_int_equal(flow_state_of(&ladder, STR("lent")), LENT);
    assert_int_equal(flow_state_of(&ladder, STR("stolen")), -1);
    assert_int_equal(flow_action_of(&ladder, STR("give_back")), GIVE_BACK);
    assert_int_equal(flow_stage_of(&ladder, STR("loan")), 1);
}

static void broken(struct arena *a, struct flow f, const char *why)
{
    struct str got = STR_NONE;

    assert_int_equal(flow_check(&f, a, &got), E_INVALID);
    if (!str_eq(got, str_from_cstr(why)))
        fail_msg("\"" STR_FMT "\", not \"%s\"", STR_ARG(got), why);
}

static void tables_are_checked(void **state)
{
    struct arena *a = arena_open(1 << 16);
    struct flow f = ladder;
    struct str why = STR_NONE;
    struct flow_step s[8];
    struct flow_state st[5];
    struct flow_stage sg[2];
    (void)state;

    assert_int_equal(flow_check(&ladder, a, &why), OK);

    f.first = 7;
    broken(a, f, "flow ladder: the first state is none");
    f = ladder;
    f.n_steps = 4, f.n_actions = 3;
    assert_int_equal(flow_check(&f, a, &why), OK);
    f.n_actions = 4;
    broken(a, f, "flow ladder: action ask_again is in no step");
    f.n_actions = 3, f.n_steps = 2;
    broken(a, f, "flow ladder: action give_back is in no step");

    f = ladder;
    memcpy(st, states, sizeof states);
    st[4] = (struct flow_state){"lost", true};
    f.state = st, f.n_states = 5;
    broken(a, f, "flow ladder: state lost cannot be reached");
    st[4].name = "lent";
    broken(a, f, "flow ladder: state lent is there twice");

    memcpy(s, steps, sizeof steps);
    st[4] = (struct flow_state){"lost", false};
    s[5] = (struct flow_step){LENT, REFUSE, 4, OWNER, 0, 0, 0};
    f.step = s, f.n_steps = 6;
    broken(a, f, "flow ladder: state lost is a dead end and not final");
    s[6] = (struct flow_step){4, REFUSE, 4, OWNER, 0, 0, 0};
    f.n_steps = 7;
    broken(a, f, "flow ladder: no way leads from state lost to a final one");

    f = ladder;
    f.step = s, f.n_steps = 6;
    s[5] = (struct flow_step){ASKED, LEND, REFUSED, OWNER | BORROWER, 0, 0, 0};
    broken(a, f, "flow ladder: lend in asked is there twice for the same role");
    s[5] = (struct flow_step){ASKED, GIVE_BACK, REFUSED, 0, 0, 0, 0};
    broken(a, f, "flow ladder: nobody may give_back in asked");
    s[5] = (struct flow_step){ASKED, GIVE_BACK, REFUSED, OWNER, 0, 4, 0};
    broken(a, f, "flow ladder: give_back in asked starts or stops a stage that is none");
    s[5] = (struct flow_step){ASKED, GIVE_BACK, 4, OWNER, 0, 0, 0};
    broken(a, f, "flow ladder: step 5 names a state or action that is none");

    f = ladder;
    f.step = s, s[2].stops = s[3].stops = 0;
    broken(a, f, "flow ladder: stage loan is started and never stopped");
    f = ladder;
    memcpy(sg, stages, sizeof stages);
    sg[1].amount = 0;
    f.stage = sg;
    broken(a, f, "flow ladder: stage loan has no usable time");
    sg[1] = sg[0];
    broken(a, f, "flow ladder: stage answer is there twice");
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_taken_or_refused),
        cmocka_unit_test(buttons_follow_from_state_and_role),
        cmocka_unit_test(tables_are_checked),
    };
    return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
