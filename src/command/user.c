/* user.c: lilong user: accounts of staff, for operators: who there is, a new one, another password, posts. */
#include <stdio.h>

#include "civic/person/account.h"
#include "civic/person/join.h"
#include "civic/place/place.h"
#include "command/world.h"
#include "engine/base/time.h"

enum { O_LOGIN, O_NAME, O_PHONE, O_ORGANISATION, O_ROLE, O_TITLE, O_PLACE, O_POST };
static const struct command_option options[] = {
    [O_LOGIN] = {"login", "NAME", "add, password, second, post: what the person signs in with"},
    [O_NAME] = {"name", "NAME", "add: the real name"},
    [O_PHONE] = {"phone", "NUMBER", "add: a mobile number, if there is one"},
    [O_ORGANISATION] = {"organisation", "ID",
                        "add, post: for which organisation; `lilong user organisations` lists them"},
    [O_ROLE] = {"role", "ROLE", "add, post: party_secretary, cadre, handler, community_police, grid_operator, …"},
    [O_TITLE] = {"title", "WORDS", "add, post: as on the door"},
    [O_PLACE] = {"place", "CODE", "organisations: of which place"},
    [O_POST] = {"post", "ID", "end: which post; `lilong user list` shows them"},
    {NULL, NULL, NULL},
};

struct work {
    struct invocation *v;
    struct world world;
    int64_t organisation, post, place;
    enum role role;
    struct str login, name, mobile, password, hash;
    const char *problem; /* what to say when run() refuses; NULL: the result's name */
};

static struct str option(const struct work *w, size_t i)
{
    const char *s = w->v->option[i];

    return s ? str_trim(str_from_cstr(s)) : STR_NONE;
}

static enum result refuse(struct work *w, const char *problem)
{
    w->problem = problem;
    return E_INVALID;
}

/* ---- what the options say ------------------------------------------------------------------------------------ */

static enum result read_number(struct work *w, size_t i, const char *problem, int64_t *ret)
{
    return str_int64(option(w, i), 1, INT64_MAX, ret) == OK ? OK : refuse(w, problem);
}

static enum result read_login(struct work *w)
{
    if (login_parse(w->v->arena, option(w, O_LOGIN), &w->login) == OK)
        return OK;
    return refuse(w, "--login is needed: 3 to 32 of a-z, 0-9, '.', '_', '-', beginning with a letter");
}

static enum result read_post(struct work *w)
{
    enum result r = read_number(w, O_ORGANISATION, "--organisation is needed: its number", &w->organisation);

    w->role = role_from_word(option(w, O_ROLE));
    if (r == OK && w->role == ROLE_NONE)
        return refuse(
            w, "--role is needed: party_secretary, cadre, handler, community_police, grid_operator, street_officer, "
               "district_officer, city_officer, administrator or auditor");
    return r;
}

/* Four groups of four, for somebody to read out once: it has to be changed at the first sign-in. */
static enum result make_password(struct work *w)
{
    static const char signs[] = "abcdefghjkmnpqrstuvwxyz23456789";
    char *out = arena_array(w->v->arena, char, 20);

    for (size_t i = 0; i < 19; i++)
        out[i] = i % 5 == 4 ? '-' : signs[crypto_random_below(sizeof(signs) - 1)];
    w->password = (struct str){out, 19};
    return crypto_password_hash(w->v->arena, w->password, &w->hash);
}

static void say_password(const struct work *w)
{
    printf("login     " STR_FMT "\npassword  " STR_FMT "\n", STR_ARG(w->login), STR_ARG(w->password));
    printf(
        "It is shown only now. At the first sign-in the person sets up the second factor and a password of their own.\n");
}

/* ---- the actions, each in a transaction ------------------------------------------------------------------------ */

static enum result find(struct db *db, struct work *w, int64_t *ret_person)
{
    enum result r = account_by_login(db, w->login, ret_person);

    if (r == E_NOT_FOUND)
        w->problem = "there is no account with that login";
    return r;
}

static enum result give_post(struct db *db, struct work *w, int64_t person)
{
    struct str title = option(w, O_TITLE);
    int64_t post;
    enum result r = post_give(db, person, w->organisation, w->role, title, 0, time_now(), &post);

    if (r == E_NOT_FOUND)
        w->problem = "there is no organisation with that number";
    else if (r == E_INVALID)
        w->problem = "that organisation has ended";
    return r;
}

static enum result run_add(struct db *db, void *arg)
{
    struct work *w = arg;
    struct person_new p = {.name = w->name, .login = w->login, .mobile = w->mobile, .password_hash = w->hash};
    int64_t person;
    enum result r = person_create(db, w->world.services.keys, &p, time_now(), &person);

    if (r == E_CONFLICT)
        w->problem = "the login or the phone is somebody else's";
    return r == OK ? give_post(db, w, person) : r;
}

static enum result run_password(struct db *db, void *arg)
{
    struct work *w = arg;
    int64_t person;
    enum result r = find(db, w, &person);

    return r == OK ? account_set_password(db, person, w->hash, 0) : r;
}

static enum result run_second(struct db *db, void *arg)
{
    struct work *w = arg;
    int64_t person;
    enum result r = find(db, w, &person);

    if (r == OK)
        r = second_drop(db, person);
    return r == OK ? session_end_others(db, person, 0) : r;
}

static enum result run_post(struct db *db, void *arg)
{
    struct work *w = arg;
    int64_t person;
    enum result r = find(db, w, &person);

    return r == OK ? give_post(db, w, person) : r;
}

static enum result run_end(struct db *db, void *arg)
{
    struct work *w = arg;
    enum result r = post_take(db, w->post, 0, time_now());

    if (r == E_NOT_FOUND)
        w->problem = "there is no such post";
    else if (r == E_CONFLICT)
        w->problem = "that post has ended already";
    return r;
}

static enum result run_list(struct db *db, void *arg)
{
    struct account_rows rows;
    int64_t after = 0;
    enum result r;

    (void)arg;
    do {
        if ((r = account_list(db, after, 200, &rows)) != OK)
            return r;
        for (size_t i = 0; i < rows.n; i++) {
            const struct account_row *a = &rows.row[i];

            printf("%-20" PRId64 " %-16.*s " STR_FMT "%s\n", a->person, STR_ARG(a->login), STR_ARG(a->shown_name),
                   a->active ? "" : " (closed)");
            for (size_t k = 0; k < a->n_posts; k++)
                printf("    post %-20" PRId64 " %-16s " STR_FMT " " STR_FMT "\n", a->post[k].id,
                       role_word((enum role)a->post[k].role), STR_ARG(a->post[k].organisation_name),
                       STR_ARG(a->post[k].title));
            after = a->person;
        }
    } while (rows.n == 200);
    return OK;
}

static enum result run_organisations(struct db *db, void *arg)
{
    struct work *w = arg;
    struct organisations list;
    enum result r = organisation_list(db, w->place, &list);

    for (size_t i = 0; r == OK && i < list.n; i++)
        printf("%-20" PRId64 " %-20.*s " STR_FMT "\n", list.organisation[i].id, STR_ARG(list.organisation[i].kind),
               STR_ARG(list.organisation[i].name));
    return r;
}

/* ---- before the transaction -------------------------------------------------------------------------------------- */

static enum result prepare_add(struct work *w)
{
    char mobile[12];
    enum result r = read_login(w);

    if (r == OK)
        r = read_post(w);
    if (r != OK)
        return r;
    if (person_name_parse(w->v->arena, option(w, O_NAME), &w->name) != IDENTITY_FINE)
        return refuse(w, "--name is needed: the real name");
    if (option(w, O_PHONE).len) {
        if (mobile_parse(option(w, O_PHONE), mobile) != IDENTITY_FINE)
            return refuse(w, "--phone: a mobile number has 11 digits");
        w->mobile = str_dup(w->v->arena, str_from_cstr(mobile));
    }
    return make_password(w);
}

static enum result prepare_password(struct work *w)
{
    enum result r = read_login(w);

    return r == OK ? make_password(w) : r;
}

static enum result prepare_post(struct work *w)
{
    enum result r = read_login(w);

    return r == OK ? read_post(w) : r;
}

static enum result prepare_end(struct work *w)
{
    return read_number(w, O_POST, "--post is needed: its number", &w->post);
}

static enum result prepare_organisations(struct work *w)
{
    return place_parse(option(w, O_PLACE), &w->place) == OK ? OK : refuse(w, "--place is needed: a code of 12 digits");
}

static const struct action {
    const char *name;
    enum result (*prepare)(struct work *w);
    enum result (*run)(struct db *db, void *arg);
    bool password;
    const char *done;
} actions[] = {
    {"list", NULL, run_list, false, NULL},
    {"organisations", prepare_organisations, run_organisations, false, NULL},
    {"add", prepare_add, run_add, true, NULL},
    {"password", prepare_password, run_password, true, NULL},
    {"second", read_login, run_second, false, "The second factor is gone: it is set up anew at the next sign-in."},
    {"post", prepare_post, run_post, false, "The post is given. The person signs in anew."},
    {"end", prepare_end, run_end, false, "The post has ended, and the person's sessions with it."},
};

static enum exit_code complain(struct work *w, enum result r)
{
    invocation_complain(w->v, "%s", w->problem ? w->problem : result_name(r));
    return exit_code_of(r);
}

static enum exit_code run(struct invocation *v)
{
    const struct action *action = NULL;
    struct work w = {.v = v};
    enum exit_code code;
    enum result r;

    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        if (v->n_positional && strcmp(actions[i].name, v->positional[0]) == 0)
            action = &actions[i];
    if (!action) {
        invocation_complain(v, "say what to do: list, organisations, add, password, second, post or end");
        return EXIT_USAGE;
    }
    r = action->prepare ? action->prepare(&w) : OK;
    if (r != OK) {
        complain(&w, r);
        return r == E_INVALID ? EXIT_USAGE : exit_code_of(r);
    }
    if (v->config.log.level == LOG_LEVEL_INFO) /* who types a command wants its own words */
        log_set_level(LOG_LEVEL_WARN);
    if ((code = world_open(v, WORLD_DATABASE, &w.world)) != EXIT_OK)
        return code;
    r = db_write_wait(w.world.database, v->arena, action->run, &w);
    if (r != OK)
        code = complain(&w, r);
    else if (action->password)
        say_password(&w);
    else if (action->done)
        puts(action->done);
    world_close(&w.world);
    return code;
}

const struct command command_user = {
    .name = "user",
    .summary = "Accounts of staff: list, add, password, second, post, end.",
    .usage = "lilong user list|organisations|add|password|second|post|end --data DIR [options]",
    .details = "list                       everybody with a login or a post\n"
               "organisations --place CODE the organisations of a place, with their numbers\n"
               "add --login --name --organisation --role [--title --phone]   a new account; prints its first password\n"
               "password --login           another first password; all sessions end\n"
               "second --login             takes the second factor away, when phone and recovery codes are lost\n"
               "post --login --organisation --role [--title]   one more post\n"
               "end --post ID              ends a post today\n"
               "With SQLite the server has to be stopped meanwhile; with PostgreSQL it may run.",
    .options = options,
    .positional_max = 1,
    .run = run,
};
