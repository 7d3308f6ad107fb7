"""What the files of a run say in figures and examples: one walk over them, in bounded memory."""
