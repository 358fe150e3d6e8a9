"""Why a number is what it is, and what differs between two results."""
