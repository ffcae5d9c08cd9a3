"""Looks at the pages for people in a real browser."""
