-- Residents' questions on accounts that are public (居务公开, 村务公开). A question is a comment on the notice, its answer a reply of who runs the board: here is only
-- that it asks, and until when it is to be answered.
CREATE TABLE bulletin_question (
    community BIGINT NOT NULL,             -- of the entry
    id BIGINT NOT NULL,                    -- of the comment
    entry BIGINT NOT NULL,
    board BIGINT NOT NULL,
    period BIGINT NOT NULL,                -- whose accounts it is about
    due BIGINT NOT NULL,                   -- the first moment at which an answer is late
    PRIMARY KEY (community, id)
);
CREATE INDEX bulletin_question_entry ON bulletin_question (community, entry, id);
CREATE INDEX bulletin_question_board ON bulletin_question (community, board, period);
