"""The wires: ways to the devices, in memory or on sockets, and the inbox where what they bring arrives.

They know frames as JSON objects and nothing of what is in them.
"""
