/* books.c: the books of communities that end.
 *
 * Lines never move: the ledger of the community where the help was given says the same as its book, for ever. A line that is new goes into the book of what has
 * become of the community; one that is old is put right where it stands, by the committee that keeps the book now. */
#include "civic/hours/room.h"

#include "civic/place/place.h"

enum result hours_books(struct db *db, int64_t community, int64_t ret_book[HOURS_BOOKS_MAX], size_t *ret_n)
{
    const int64_t *before;
    size_t n;
    enum result r = place_before(db, community, &before, &n);

    ret_book[0] = community;
    *ret_n = 1;
    for (size_t i = 0; r == OK && i < n && *ret_n < HOURS_BOOKS_MAX; i++)
        ret_book[(*ret_n)++] = before[i];
    return r;
}

enum result hours_kept(struct db *db, int64_t community, int64_t ret_book[HOURS_BOOKS_MAX], size_t *ret_n)
{
    int64_t heir;
    const int64_t *old;
    size_t n;
    enum result r = place_heir(db, community, &heir);

    *ret_n = 0;
    if (r == OK && heir == community)
        ret_book[(*ret_n)++] = community;
    if (r == OK)
        r = place_stands_for(db, community, &old, &n);
    for (size_t i = 0; r == OK && i < n && *ret_n < HOURS_BOOKS_MAX; i++)
        ret_book[(*ret_n)++] = old[i];
    return r;
}

enum result hours_find(struct db *db, int64_t community, int64_t line, int64_t *ret_book,
                       struct sql_hours_line_get *ret)
{
    int64_t book[HOURS_BOOKS_MAX];
    size_t n;
    enum result r = hours_kept(db, community, book, &n);

    for (size_t i = 0; r == OK && i < n; i++) {
        r = sql_hours_line_get(db, book[i], line, ret);
        if (r == OK)
            *ret_book = book[i];
        if (r != E_NOT_FOUND)
            return r;
        r = OK;
    }
    return r == OK ? E_NOT_FOUND : r;
}
