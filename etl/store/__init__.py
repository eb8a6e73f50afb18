"""The store: a database of submissions, accounts, sessions, publications and the audit log of them all."""
