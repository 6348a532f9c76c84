"""Starts what a .desktop file names, as a desktop does at login: python3 launch-entry.py FILE."""

import sys

from gi.repository import Gio

entry = Gio.DesktopAppInfo.new_from_filename(sys.argv[1])
if entry is None:
    sys.exit('not an entry that can be started')
entry.launch([], None)
