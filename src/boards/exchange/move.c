/* move.c: what neighbours give, lend and do for each other follows whoever has put it up into another community.
 *
 * With its queue, its turns, what the two wrote, and its clock: a borrowed ladder still has to come back, and both find it where they live now. What is done
 * goes too, because it is on the page of what somebody has given and taken. Its hours do not: they stand in the book of the community where the help was
 * given, whose ledger says the same, and the book is read together with those of the communities before it (civic/hours). Who took something up and lives in the
 * part of a divided community that stays is still one of the two, and reads and confirms at its new address as before. */
#include "boards/exchange/move.sql.h"
#include "boards/exchange/rules.h"
#include "civic/moderation/moderation.h"
#include "civic/place/place.h"

static const struct place_part parts[] = {
    {sql_exchange_words_move, sql_exchange_words_moved},
    {sql_exchange_turns_move, sql_exchange_turns_moved},
    {sql_exchange_row_move, sql_exchange_row_moved},
};

static enum result carry(struct db *db, int64_t from, int64_t to, int64_t id, int64_t at)
{
    struct sql_exchange_words_moderated_rows words;
    enum result r = clock_carry(db, from, to, STR("exchange"), id);

    if (r == OK)
        r = sql_exchange_words_moderated(db, from, id, &words);
    for (size_t i = 0; r == OK && i < words.n; i++)
        r = moderation_carry(db, from, to, "exchange_word", words.row[i].id);
    if (r == OK)
        r = place_carry(db, from, to, id, parts, sizeof(parts) / sizeof(parts[0]));
    return r == OK ? entry_carry(db, from, to, id, at) : r;
}

static enum result move(struct db *db, int64_t from, int64_t to, int64_t estate, int64_t at)
{
    return entry_carry_estate(db, from, to, "exchange", estate, at, carry);
}

static enum result settle(struct db *db, int64_t from, int64_t heir, int64_t at)
{
    return entry_carry_rest(db, from, heir, "exchange", at, carry);
}

const struct place_mover exchange_mover = {"exchange", move, settle};
