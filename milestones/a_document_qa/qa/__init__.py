"""A document Q&A: documents -> passages -> index -> answers, and the scores that say how good each step is."""
