-- 组织关系转移: a member goes to another branch, of the same community or of another one. Until its secretary has taken them in they stay where they are. A
-- membership that was left this way stays as it was, state `moved`: what was promised, taken up and thanked for there counts there.

CREATE TABLE party_transfer (
    community BIGINT NOT NULL,             -- of the branch that they go to
    id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    branch BIGINT NOT NULL,
    from_community BIGINT NOT NULL,        -- where they were a member when it was asked; taken in: on the day of the change
    from_branch BIGINT NOT NULL,
    state TEXT NOT NULL,                   -- asked, accepted, refused, withdrawn
    reason TEXT NOT NULL,                  -- of a refusal
    asked_at BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    decided_by BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX party_transfer_open ON party_transfer (community, id) WHERE state = 'asked';
CREATE INDEX party_transfer_person ON party_transfer (person, id);
CREATE INDEX party_transfer_from ON party_transfer (from_community, id) WHERE state = 'accepted';
CREATE INDEX party_member_moved ON party_member (person) WHERE state = 'moved';
