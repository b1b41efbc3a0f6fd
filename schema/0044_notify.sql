-- How people are told outside of the app: what each has chosen, what waits to leave, what came back.
-- across communities: all of it belongs to a person, who may live in one community and work for another.

-- Nobody has a row before they choose something: then what the settings of the installation say counts.
CREATE TABLE notify_choice (
    person BIGINT NOT NULL PRIMARY KEY,
    away TEXT NOT NULL,                    -- none, important, digest, all
    channel TEXT NOT NULL,                 -- '' whatever reaches; wechat, sms: that first
    digest_hour BIGINT NOT NULL,           -- 0-23, Shanghai
    quiet_from BIGINT NOT NULL,            -- 0-23; the same as quiet_to: no quiet hours
    quiet_to BIGINT NOT NULL,
    urgent_passes SMALLINT NOT NULL,       -- what is urgent by its nature comes in the quiet hours too
    changed_at BIGINT NOT NULL
);

-- Where somebody wants a topic otherwise than the rest.
CREATE TABLE notify_topic (
    person BIGINT NOT NULL,
    topic TEXT NOT NULL,                   -- mine, reply, notice, neighbours, work
    way TEXT NOT NULL,                     -- app, digest, now
    PRIMARY KEY (person, topic)
);

-- A way that does not reach the person any more: switched off until they switch it on again.
CREATE TABLE notify_off (
    person BIGINT NOT NULL,
    channel TEXT NOT NULL,                 -- sms, wechat
    since BIGINT NOT NULL,
    PRIMARY KEY (person, channel)
);

-- What waits to leave the app: several of the same kind about the same thing are one row with a count.
CREATE TABLE notify_away (
    person BIGINT NOT NULL,
    community BIGINT NOT NULL,
    text_key TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    notification BIGINT NOT NULL,          -- the newest in the app: who has read it there is not told again
    count BIGINT NOT NULL,
    digest SMALLINT NOT NULL,              -- waits for the message of the day
    due_at BIGINT NOT NULL,
    PRIMARY KEY (person, community, text_key, subject_kind, subject)
);
CREATE INDEX notify_away_due ON notify_away (due_at);

-- How many have left for a person on a day, so that nobody is flooded.
CREATE TABLE notify_sent (
    person BIGINT NOT NULL,
    day BIGINT NOT NULL,
    channel TEXT NOT NULL,
    sent BIGINT NOT NULL,
    PRIMARY KEY (person, day, channel)
);

-- What is new on all boards of a place at once, whatever their number: the home page reads this alone.
CREATE INDEX entry_recent ON entry (community, id, board, published_at, audience) WHERE listed = 1;
