"""Where a chain runs: in this process, or in several on one machine. The bytes that come out are the same."""
