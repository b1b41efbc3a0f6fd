-- What waits for an organisation, over all the communities that it serves.
CREATE INDEX doctor_sign_desk ON doctor_sign (organisation, state, id);
CREATE INDEX doctor_question_desk ON doctor_question (organisation, state, due_at, id);
CREATE INDEX provider_organisation ON provider (organisation, community, entry);
