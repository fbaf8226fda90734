"""Masters as an instructor elsewhere writes them for otter, who has never heard of this grader."""
