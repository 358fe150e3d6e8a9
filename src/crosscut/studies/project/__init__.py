"""Ventures: project files and fiscal facts -> projects, their draws and alternatives -> one result
document."""
