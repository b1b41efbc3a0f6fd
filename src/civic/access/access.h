/* access.h: who may do what, where. One table of roles and capabilities; everything that is not in it is refused.
 *
 * The same function answers for pages, JSON, exports, feeds, search, notifications and counts. */
#ifndef LILONG_CIVIC_ACCESS_H
#define LILONG_CIVIC_ACCESS_H

#include "engine/app/app.h"

struct viewer; /* civic/person */

enum capability {
    CAP_UNSET = 0,           /* refuses the start */
    CAP_PUBLIC,              /* everybody, guests too */
    CAP_GUEST,               /* signing in and joining: everybody, and pointless once signed in */
    CAP_ACCOUNT,             /* any account, even one that has to renew its password first: exactly what is needed for that */
    CAP_SIGNED_IN,           /* any account, about itself */

    /* residents: in the community of the place only */
    CAP_RESIDENT,            /* verified resident here: write, comment, thumbs up, join, follow */
    CAP_COMMENT,             /* verified resident here, or a post over the place, or a handler of the subject */
    CAP_OWN,                 /* the author of the subject: confirm, reject, take private data out */

    CAP_PARTY,               /* one of those between whom the subject is: its author, or who has a part in it */

    /* the committee, and those above it */
    CAP_DESK,                /* has a desk: any post */
    CAP_REPORT_ANSWER,       /* answer, solve, hand off, check, close: the committee of the place */
    CAP_REPORT_HANDLE,       /* accept, send back, extension, done: an organisation that the subject was handed to */
    CAP_REPORT_STAFF,        /* private notes, original text, the place's history: committee, handlers of it, grid, street */
    CAP_REPORT_SUPERVISE,    /* press, re-assign, decide extensions: grid centre and street of the place */
    CAP_PERSON_LOOK,         /* the person behind the name; each look goes to the ledger */
    CAP_RESIDENCE_VERIFY,    /* the queue of residents to verify, register somebody at the desk */
    CAP_ROSTER,              /* import and see the committee's roster */
    CAP_PLACE_EDIT,          /* estates, buildings, dwellings, posters of the place */
    CAP_ORGANISATION_EDIT,   /* organisations and posts attached to the place or below */
    CAP_SERVICE_DESK,        /* sign-ups, questions and appointments that wait for an organisation: its own people */
    CAP_INQUIRY_ANSWER,      /* private questions to an organisation, its templates, and who of it is responsible: its own people */
    CAP_TEMPLATE_EDIT,       /* answer templates of the community */
    CAP_MODERATE,            /* hide, with a reason */
    CAP_MODERATE_QUEUE,      /* what was flagged at the place itself: decide, mute */
    CAP_MODERATE_APPEAL,     /* answers appeals, of measures that somebody else has taken */
    CAP_WATCH_WORDS,         /* the words that are watched for at the place and below */
    CAP_HOURS_CORRECT,       /* puts the book of helpers' hours right, revokes certificates: the committee itself */
    CAP_HOURS_ANSWER,        /* answers a helper who does not agree: the committee, or the office above it that it falls to */
    CAP_FIGURES_STAFF,       /* late things by name, exports */
    CAP_MEMBERSHIP,          /* who is a member of the Party, and branches: the secretary of the place; of a branch its own (scope.party) */
    CAP_AUDIT,               /* reads the ledger */
    CAP_ADMINISTER,          /* settings, calendar, accounts of staff */

    /* boards: what they say of themselves decides, see struct subject_scope */
    CAP_BOARD_READ,          /* everybody; or residents of the place, who answers for it, who runs the board */
    CAP_BOARD_WRITE,         /* residents of the place where residents write, and who runs the board */
    CAP_BOARD_TAKE_PART,     /* comment, thumbs up, take up, sign up: residents of the place, and who runs the board */
    CAP_BOARD_RUN,           /* publish, review, pin, answer for it: its organisation, or the committee or office of the place */
    CAP_BOARD_ARRANGE,       /* the order of a community's home page */
    CAP_BOARD_EDIT,          /* makes boards, for the place and below */
    CAP_COUNT
};

enum scope_readers { READERS_EVERYBODY, READERS_RESIDENTS };
enum scope_writers { WRITERS_STAFF, WRITERS_RESIDENTS };

/* What the pipeline checks a right against. Every subject that a subject_kind loads begins with it. */
struct subject_scope {
    int64_t place;                 /* code of the community (or higher place) that it belongs to */
    int64_t author;                /* person, or 0 */
    int64_t party;                 /* the viewer, where they have a part in it besides the author: took it up, stands in the queue */
    bool shared;                   /* that part is not over: they read it wherever they live by now */
    const int64_t *organisation;   /* organisations that it was handed to */
    size_t n_organisations;
    bool board;                    /* it is of a board: the three lines below count */
    bool of_place;                 /* run by the committee or the office of the place; else by the organisations above */
    enum scope_readers readers;
    enum scope_writers writers;
    bool hidden;                   /* by moderation: only staff and the author see it; for the others it is 404 */
};

/* The one question. `scope` may be NULL when only a place is known. */
bool access_allowed(const struct viewer *viewer, enum capability capability, int64_t place,
                    const struct subject_scope *scope);

/* "report_answer" of CAP_REPORT_ANSWER; NULL when there is none. */
const char *access_capability_name(int capability);

/* Roles: the words that a post may have. */
enum role {
    ROLE_NONE = 0,
    ROLE_PARTY_SECRETARY,  /* 居民区书记: first responsible */
    ROLE_CADRE,            /* 居村干部 */
    ROLE_HANDLER,          /* property company, urban management, clinic, charity: what it was handed */
    ROLE_COMMUNITY_POLICE, /* handler with a name that residents see */
    ROLE_GRID_OPERATOR,    /* grid centre: its subtree */
    ROLE_STREET_OFFICER,
    ROLE_DISTRICT_OFFICER,
    ROLE_CITY_OFFICER,
    ROLE_ADMINISTRATOR,    /* settings and accounts; sees no residents' data by that alone */
    ROLE_AUDITOR,          /* reads the ledger, changes nothing */
    ROLE_COUNT
};
enum role role_from_word(struct str word);   /* ROLE_NONE when unknown */
const char *role_word(enum role role);
enum text role_text(enum role role);
/* Has a post of this role the right at the place of its own organisation? For who asks whether there is anybody. */
bool role_has(enum role role, enum capability capability);

/* For app_policy. */
bool access_policy_allowed(struct request *rq, int capability);

#endif
