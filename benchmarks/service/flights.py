#!/usr/bin/env python3
"""A table like that of flights, to standard output.

usage: flights.py ROWS
"""

import random
import sys

draw = random.Random(1)
airports = ["".join(draw.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(3)) for _ in range(250)]
write = sys.stdout.write
write("month,day_of_week,hour,origin,destination,distance,delay\n")
for _ in range(int(sys.argv[1])):
    hour = draw.randrange(24)
    distance = draw.randrange(80, 2700)
    delay = round(draw.gauss(hour / 2 - 3, 20))
    write(f"{draw.randrange(1, 13)},{draw.randrange(1, 8)},{hour},{draw.choice(airports)},{draw.choice(airports)},{distance},{delay}\n")
