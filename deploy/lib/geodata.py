"""What the scripts that build and measure the data of places share."""

import math


def kilometres(a, b):
    """Great-circle distance of two (latitude, longitude) in degrees."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(h)))


def varint(number):
    """Seven bits a byte, the lowest first."""
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def signed(number):
    """A varint of the zigzag form: 0, -1, 1, -2, …"""
    return varint(number << 1 if number >= 0 else (-number << 1) - 1)
