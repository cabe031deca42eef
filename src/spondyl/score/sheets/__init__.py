"""The sheets, one TOML file a score."""
