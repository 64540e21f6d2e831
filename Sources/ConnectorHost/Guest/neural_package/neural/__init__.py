"""Stand-in for the parts of `neural` that connectors import, where the installed package lacks them."""
