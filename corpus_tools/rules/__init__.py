"""Facts as data: agencies, outlets, feed footers, furniture, field names, policy. One TOML row a fact."""
