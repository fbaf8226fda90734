"""From master notebooks to releases and autograder bundles, and the gate that lets them out."""
