"""Outgoing webhooks, as https://www.standardwebhooks.com says: events told to programs outside, signed and retried.

config/outgoing.py   which events are published, and who describes them
interest             which of them some webhook wants          envelope  the message and its signature (pure)
fanout               event -> one message for each webhook     schedule  when it is tried again (pure)
sending, outcomes    the messages on their way                 replay    once more; a test; what is old is forgotten
subscriptions        what a webhook may be, and its end by itself
"""
