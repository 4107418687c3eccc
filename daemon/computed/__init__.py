"""What code writes into a document's sections, of the passages alone and without a model: lists, checklists, contradictions."""
