"""Grading on a platform that runs `setup.sh` once and `run_autograder` for each submission."""
