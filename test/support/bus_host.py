"""A service on a message bus for tests, which is asked on its stdin.

Each line there is a question in JSON, each line on stdout its answer, with the same id; 0 says that the names are taken.
"""

import json
import sys

import dbus
from gi.repository import GLib


def say(answer):
    print(json.dumps(answer), flush=True)


def serve(methods):
    """Answers until stdin ends; `methods` are what may be asked, by name."""
    loop = GLib.MainLoop()

    def heard(_source, _condition):
        line = sys.stdin.readline()
        if not line:
            loop.quit()
            return False
        question = json.loads(line)
        try:
            say({'id': question['id'], 'value': methods[question['ask']](*question['with'])})
        except (LookupError, dbus.DBusException) as error:
            say({'id': question['id'], 'error': str(error)})
        return True

    GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, heard)
    say({'id': 0, 'value': None})
    loop.run()
