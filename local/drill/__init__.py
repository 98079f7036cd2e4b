"""`make demo-faults`: GitHub goes wrong in every way that it does, and the running stack shows that it copes."""
