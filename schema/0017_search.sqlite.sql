-- Our own tokens, with blanks between them; nothing is stored but the index. scope: the places above and the kind.
CREATE VIRTUAL TABLE search_index USING fts5 (scope, tokens, content = '', columnsize = 0, tokenize = 'ascii');
