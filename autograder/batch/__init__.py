"""Many submissions: finding them, engines that grade them, and the ledger of verdicts."""
