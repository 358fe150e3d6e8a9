"""The mine itself: tonnes, schedule, operations."""
