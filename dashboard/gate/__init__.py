"""The gate before pages, files and messages: who may come in, and what a browser may do with it."""
