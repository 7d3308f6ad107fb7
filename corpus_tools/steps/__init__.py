"""One file a step. Steps add evidence; they never import each other and never judge."""
