"""Tables and pages made from the ledger. Everything that a student wrote is escaped for where it is shown."""
