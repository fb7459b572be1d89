"""More than one machine: stagehands, a leader and those who stand by, and the one log between them."""
