"""Who said what in a document: its genre, its utterances, and the names of those who speak in it."""
