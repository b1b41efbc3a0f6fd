-- The index of words is a heap of pieces, one more with each commit that has text, and merging them was a tenth of what writing costs: four pieces of a size made
-- one. Twelve do now, so that a word is copied half as often; a search looks into a few pieces more.
INSERT INTO search_index (search_index, rank) VALUES ('automerge', 12);
INSERT INTO search_index (search_index, rank) VALUES ('crisismerge', 48);
