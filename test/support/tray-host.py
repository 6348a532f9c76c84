"""A desktop's tray for tests: shows nothing, but owns the name that programs hand their icons to."""

import hashlib

import dbus
import dbus.mainloop.glib
import dbus.service
from bus_host import serve

WATCHER = 'org.kde.StatusNotifierWatcher'
ITEM = 'org.kde.StatusNotifierItem'
MENU = 'com.canonical.dbusmenu'
PROPERTIES = 'org.freedesktop.DBus.Properties'
ANSWER_SECONDS = 10


class Watcher(dbus.service.Object):
    """The registry of icons; one whose program leaves the bus leaves it too."""

    def __init__(self, bus):
        super().__init__(bus, '/StatusNotifierWatcher')
        self.bus = bus
        self.items = []
        bus.add_signal_receiver(self.owner_changed, 'NameOwnerChanged', 'org.freedesktop.DBus')

    def owner_changed(self, name, _before, after):
        if not after:
            self.items = [item for item in self.items if item[0] != name]

    @dbus.service.method(WATCHER, in_signature='s', sender_keyword='sender')
    def RegisterStatusNotifierItem(self, service, sender=None):
        item = (sender, service) if service.startswith('/') else (service, '/StatusNotifierItem')
        self.items.append(item)
        self.StatusNotifierItemRegistered(''.join(item))

    @dbus.service.method(WATCHER, in_signature='s')
    def RegisterStatusNotifierHost(self, _service):
        pass

    @dbus.service.signal(WATCHER, signature='s')
    def StatusNotifierItemRegistered(self, service):
        pass

    @dbus.service.method(PROPERTIES, in_signature='ss', out_signature='v')
    def Get(self, _interface, name):
        return self.GetAll(_interface)[name]

    @dbus.service.method(PROPERTIES, in_signature='s', out_signature='a{sv}')
    def GetAll(self, _interface):
        return {
            'RegisteredStatusNotifierItems': dbus.Array([''.join(item) for item in self.items], signature='s'),
            'IsStatusNotifierHostRegistered': dbus.Boolean(True),
            'ProtocolVersion': dbus.Int32(0),
        }

    def count(self):
        return len(self.items)

    def read(self):
        """What a panel would show of the icon that came last."""
        properties = self.call('properties', PROPERTIES, 'GetAll', ITEM)
        return {
            'icons': [
                {'width': int(width), 'height': int(height), 'hash': hashlib.sha256(bytes(pixels)).hexdigest()}
                for width, height, pixels in properties.get('IconPixmap', [])
            ],
            'tooltip': '\n'.join(str(part) for part in properties.get('ToolTip', ['', [], '', ''])[2:] if part),
            'menu': [entry_of(child) for child in self.layout()],
        }

    def activate(self):
        self.call('item', ITEM, 'Activate', dbus.Int32(0), dbus.Int32(0))

    def click(self, labels):
        """An entry of the menu, by its labels from the outermost menu on."""
        children = self.layout()
        for label in labels:
            found = [child for child in children if label_of(child) == label]
            if not found:
                raise LookupError(f'no entry {label} among {[label_of(child) for child in children]}')
            entry, children = found[0], found[0][2]
        if not entry[1].get('enabled', True):
            raise LookupError(f'{labels[-1]} is greyed out')
        self.call('menu', MENU, 'Event', entry[0], 'clicked', dbus.Int32(0, variant_level=1), dbus.UInt32(0))

    def layout(self):
        empty = dbus.Array([], signature='s')
        _revision, root = self.call('menu', MENU, 'GetLayout', dbus.Int32(0), dbus.Int32(-1), empty)
        return root[2]

    def call(self, what, interface, method, *arguments):
        if not self.items:
            raise LookupError('there is no icon')
        name, path = self.items[-1]
        if what == 'menu':
            item = dbus.Interface(self.bus.get_object(name, path, introspect=False), PROPERTIES)
            path = item.Get(ITEM, 'Menu', timeout=ANSWER_SECONDS)
        target = dbus.Interface(self.bus.get_object(name, path, introspect=False), interface)
        return target.get_dbus_method(method)(*arguments, timeout=ANSWER_SECONDS)


def label_of(child):
    # An underscore stands before the letter of a shortcut; two are one.
    label = str(child[1].get('label', ''))
    return label.replace('__', '\0').replace('_', '').replace('\0', '_')


def entry_of(child):
    _id, properties, children = child
    if properties.get('type') == 'separator':
        return {'label': '-', 'enabled': False, 'items': []}
    return {
        'label': label_of(child),
        'enabled': bool(properties.get('enabled', True)),
        'items': [entry_of(inner) for inner in children],
    }


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    # Kept, or the name would be given back.
    name = dbus.service.BusName(WATCHER, bus, do_not_queue=True)
    watcher = Watcher(name.get_bus())
    serve({'count': watcher.count, 'read': watcher.read, 'activate': watcher.activate, 'click': watcher.click})


main()
