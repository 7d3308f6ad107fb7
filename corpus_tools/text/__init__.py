"""Pure functions on strings and arrays; nothing here knows of frames."""
