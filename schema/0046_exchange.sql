-- What neighbours do for each other, give, lend, swap, sell and wish for (互助, 闲置物品, 微心愿): what an entry needs beyond civic/entry.

CREATE TABLE exchange (
    community BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    sort TEXT NOT NULL,                    -- ask, offer, give, lend, swap, sell, wish
    price BIGINT NOT NULL,                 -- fen; of what is sold
    minutes BIGINT NOT NULL,               -- of help: about how long it takes; 0: not said
    days BIGINT NOT NULL,                  -- of what is lent: for how many days
    spot TEXT NOT NULL,                    -- where it is handed over, or done
    until BIGINT NOT NULL,                 -- when it leaves the lists if nobody has taken it up
    turn BIGINT NOT NULL,                  -- whose turn it is: exchange_turn; of what is done: the last; 0: nobody's
    queue BIGINT NOT NULL,                 -- how many wait behind that; equals a recount
    due_at BIGINT NOT NULL,                -- when the state it is in ends by itself; 0: it does not
    return_at BIGINT NOT NULL,             -- end of the day on which it is to be back; 0: it is not lent out
    PRIMARY KEY (community, entry)
);

-- Somebody who took it up, or stands in the queue. The rows of an entry are its queue, in the order of their ids.
CREATE TABLE exchange_turn (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    person BIGINT NOT NULL,
    person_from TEXT NOT NULL,             -- 3号楼: what stands beside the name
    state TEXT NOT NULL,                   -- waiting, asked, holding, done, left, declined, expired, released, gone
    since BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    held_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    author_at BIGINT NOT NULL,             -- when the author said that it was handed over (done, returned); 0: not yet
    taker_at BIGINT NOT NULL,              -- the same of who took it up
    minutes BIGINT NOT NULL,               -- of help: what was said last about how long it took
    PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX exchange_turn_once ON exchange_turn (community, entry, person) WHERE state IN ('waiting', 'asked', 'holding');
CREATE INDEX exchange_turn_entry ON exchange_turn (community, entry, id);
CREATE INDEX exchange_turn_person ON exchange_turn (community, person, id);

-- What the two write to each other, and their thanks. For nobody else, but thanks that were meant for all.
CREATE TABLE exchange_word (
    community BIGINT NOT NULL,
    id BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    turn BIGINT NOT NULL,
    author BIGINT NOT NULL,
    thanks SMALLINT NOT NULL,
    shown SMALLINT NOT NULL,               -- thanks that neighbours read too
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    hidden SMALLINT NOT NULL,
    hidden_reason TEXT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX exchange_word_turn ON exchange_word (community, turn, id);
CREATE INDEX exchange_word_author ON exchange_word (author, id);
CREATE UNIQUE INDEX exchange_word_thanks ON exchange_word (community, turn, author) WHERE thanks = 1;
