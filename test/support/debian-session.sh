# The desktop of a person of the test's machine. Called by debian-machine.ts.
#   debian-session.sh begin NAME=VALUE...    makes it; it lasts until it is killed
#   debian-session.sh join COMMAND [ARG...]  runs something in it
set -eu
export HOME=/home/person USER=person LOGNAME=person SHELL=/bin/bash XDG_RUNTIME_DIR=/run/user/1000
export LANG=zh_CN.UTF-8 LANGUAGE=zh_CN
cd "$HOME"
known=$XDG_RUNTIME_DIR/session

case $1 in
join)
  shift
  if [ -e "$known" ]; then . "$known"; fi
  exec "$@"
  ;;
begin)
  shift
  for pair; do export "${pair?}"; done
  export XDG_CURRENT_DESKTOP=XFCE XDG_SESSION_TYPE=x11 NO_AT_BRIDGE=1
  exec dbus-run-session -- bash "$0" within
  ;;
within)
  # The newline matters: an empty password makes the daemon ask on a screen, and fail.
  printf 'x\n' | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &
  # The number is its own choice: the network, where screens have their names too, is the host's.
  number=$XDG_RUNTIME_DIR/screen
  mkfifo "$number"
  Xvfb -displayfd 3 -screen 0 1400x900x24 -nolisten tcp 3>"$number" >/dev/null 2>&1 &
  export DISPLAY=:$(head -n 1 "$number")
  rm "$number"
  xfwm4 --compositor=off >/dev/null 2>&1 &
  # Reads the same bus's names: when the keyring has its own, people's passwords can be read.
  until gdbus call --session --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus \
    --method org.freedesktop.DBus.NameHasOwner org.freedesktop.secrets | grep -q true; do sleep 0.05; done
  until xprop -root _NET_SUPPORTING_WM_CHECK | grep -q 0x; do sleep 0.05; done
  export -p >"$known"
  echo ready
  exec sleep infinity
  ;;
esac
