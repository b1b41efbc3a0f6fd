/* identity.h: is this a possible identity number, name, phone; how it is shown; where one hides in a text.
 *
 * Pure: nothing is looked up, nothing stored. A number that passes is well formed, not proven. */
#ifndef LILONG_CIVIC_IDENTITY_H
#define LILONG_CIVIC_IDENTITY_H

#include "engine/base/arena.h"
#include "engine/base/time.h"

enum document_kind { DOCUMENT_NONE, DOCUMENT_RESIDENT_ID, DOCUMENT_RESIDENCE_PERMIT, DOCUMENT_PERMANENT_RESIDENCE, DOCUMENT_PASSPORT };
const char *document_kind_word(enum document_kind kind);     /* "resident_id", "residence_permit", "permanent_residence", "passport" */
enum document_kind document_kind_from_word(struct str word); /* DOCUMENT_NONE when unknown */

enum identity_fault {
    IDENTITY_FINE = 0,
    IDENTITY_EMPTY, IDENTITY_LENGTH, IDENTITY_SIGNS, IDENTITY_REGION, IDENTITY_DATE, IDENTITY_FUTURE, IDENTITY_CHECK, IDENTITY_KIND,
};
const char *identity_fault_word(enum identity_fault fault);  /* "length": the last part of a text key */

struct document {
    enum document_kind kind;
    char number[24];        /* normal form: upper case, half-width, no blanks; NUL-terminated */
    bool birth_known;
    int32_t birth_day;      /* day number */
    bool sex_known, male;
};

/* Full-width signs, blanks and small x are forgiven. `today` is a day number: a birth after it, or more than 150 years before it, is refused. */
enum identity_fault document_parse(enum document_kind kind, struct str text, int32_t today, struct document *ret_document);
/* The kind that the number most looks like; DOCUMENT_PASSPORT when nothing else fits, DOCUMENT_NONE when not even that. */
enum document_kind document_guess(struct str text, int32_t today);
int document_age(const struct document *d, int32_t today);   /* full years; -1 when the birth is not known */

/* A real name: 1-50 characters, Han (with · inside for minorities' names), or Latin letters with blank, hyphen, apostrophe and dot. The normal form
 * has single blanks, no blanks between Han characters, and one sort of dot. */
enum identity_fault person_name_parse(struct arena *a, struct str text, struct str *ret_name);

/* 11 digits of a mainland mobile; +86, 86, blanks and hyphens are forgiven. */
enum identity_fault mobile_parse(struct str text, char ret_mobile[12]);

/* GB 32100. ret_code has 18 signs and NUL. IDENTITY_CHECK: well formed but a check digit does not fit: some early codes are like that and
 * legal, so a clerk may confirm it; ret_code is set then too. */
enum identity_fault credit_code_parse(struct str text, char ret_code[19]);

/* For display to those with no right to see it: 310113********0325, 138****5678, E******89, 王*, 阿**·买**, 913***********0Y43. */
struct str document_mask(struct arena *a, struct str number);
struct str mobile_mask(struct arena *a, struct str mobile);
struct str person_name_mask(struct arena *a, struct str name);
struct str credit_code_mask(struct arena *a, struct str code);

/* Numbers in a text that should not be made public. */
enum private_kind { PRIVATE_PHONE, PRIVATE_DOCUMENT, PRIVATE_PLATE };
struct private_span { enum private_kind kind; size_t from, len; }; /* bytes of the text */
/* Finds mobile and landline numbers (also 138-0013-8000, 138 0013 8000, full-width digits), resident IDs and permits with a fitting check digit,
 * car plates (沪A·12345, 沪AD12345). Returns how many there are; at most max are written. */
size_t private_find(struct str text, struct private_span *ret_spans, size_t max);
/* The text with them made unreadable: digits become *, but the first three of a phone and 沪A of a plate. */
struct str private_blot(struct arena *a, struct str text);

#endif
