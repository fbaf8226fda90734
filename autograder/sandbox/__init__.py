"""Runs untrusted notebooks.

An *examiner* process holds tests and scores; the student's code lives in processes of another uid. Only
the typed messages of `wire` and `values` pass between them. Nothing in this package imports the rest of
`autograder` but `autograder.verdict` and `autograder.errors`.
"""
