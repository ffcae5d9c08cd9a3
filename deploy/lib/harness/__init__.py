"""Starts an Intake of one's own on 127.0.0.1 and free ports: RabbitMQ, the four services and a partner.

The soak, the checks of the contracts and of the HTTP API, and the benches are made of it.
"""
