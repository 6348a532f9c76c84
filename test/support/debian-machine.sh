# Becomes the first process of a machine whose files are below $1, with $2 at /mnt. Called by debian-machine.ts in namespaces of its own.
set -eu
root=$1
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=755 run "$root/run"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"
mount --bind -o ro "$2" "$root/mnt"
mkdir -p "$root/run/host"
cd "$root"
# More than chroot: the host's files are out of reach, and the kernel treats those inside as on any other machine.
pivot_root . run/host
umount --lazy run/host
rmdir run/host
# It takes in what orphans leave, as a first process must.
exec chroot . sh -c 'echo ready; while :; do sleep 3600 & wait; done'
