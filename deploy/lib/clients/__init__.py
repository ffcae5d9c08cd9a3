"""Clients that generators make of the OpenAPI document, used as a partner's and an organisation's programs use them."""
