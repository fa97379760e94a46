"""One end of a serial line: a pseudo-terminal at PATH. What is written to it comes out of stdout, stdin goes to it.

SIGUSR1 pulls it out, SIGUSR2 plugs it in again; each is told on stderr, with "out" and "in".
"""

import os
import selectors
import signal
import sys
import tty

path = sys.argv[1]
events = selectors.DefaultSelector()
ends = ()


def plug_in():
    global ends
    ends = os.openpty()
    tty.setraw(ends[1])
    os.symlink(os.ttyname(ends[1]), path)
    events.register(ends[0], selectors.EVENT_READ, 1)
    say("in")


def pull_out():
    global ends
    if ends:
        os.unlink(path)
        events.unregister(ends[0])
        # The other end of this one would keep the line alive.
        for end in ends:
            os.close(end)
        ends = ()
    say("out")


def say(what):
    os.write(2, f"{what}\n".encode())


wakeup, wake = os.pipe2(os.O_NONBLOCK)
signal.set_wakeup_fd(wake)
for number in (signal.SIGUSR1, signal.SIGUSR2):
    signal.signal(number, lambda *_: None)
events.register(wakeup, selectors.EVENT_READ, None)
events.register(0, selectors.EVENT_READ, 0)
plug_in()
while True:
    for key, _ in events.select():
        if key.data is None:
            for number in os.read(wakeup, 64):
                pull_out() if number == signal.SIGUSR1 else plug_in()
        elif key.data == 1 and ends and key.fd == ends[0]:
            os.write(1, os.read(key.fd, 4096))
        elif key.data == 0:
            chunk = os.read(0, 4096)
            if not chunk:
                sys.exit()
            if ends:
                os.write(ends[0], chunk)
