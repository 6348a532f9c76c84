#!/usr/bin/env bash
# Inside dbus-run-session: an unlocked keyring and a screen for one command. Called by desktop-session.mjs.
set -eu

# The newline matters: an empty password makes the daemon ask on a screen, and fail.
printf 'x\n' | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &
keyring=$!
trap 'kill "$keyring" 2>/dev/null || true' EXIT

owned() {
  dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus /org/freedesktop/DBus \
    org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>/dev/null | grep -q true
}
for _ in $(seq 200); do
  owned && break
  kill -0 "$keyring" 2>/dev/null || break
  sleep 0.05
done
owned || {
  echo 'desktop session: gnome-keyring did not come up' >&2
  exit 1
}

# From a number of its own on: two that start at the same time would choose the same one.
xvfb-run -a -n "$((100 + $$ % 900))" -s '-screen 0 1600x1000x24' "$@"
