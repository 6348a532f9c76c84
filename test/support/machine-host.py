"""What a computer's system bus tells of its power and its network, for tests: UPower and NetworkManager, as far as we ask them."""

import dbus
import dbus.mainloop.glib
import dbus.service

from bus_host import serve

PROPERTIES = 'org.freedesktop.DBus.Properties'


class Service(dbus.service.Object):
    """One object with one property; its interface has the name of the service."""

    def __init__(self, bus, service, prop, value):
        super().__init__(bus, '/' + service.replace('.', '/'))
        # Kept, or the name would be given back.
        self.name = dbus.service.BusName(service, bus, do_not_queue=True)
        self.service = service
        self.prop = prop
        self.value = value
        self.reads = 0

    @dbus.service.method(PROPERTIES, in_signature='ss', out_signature='v')
    def Get(self, interface, prop):
        if (interface, prop) != (self.service, self.prop):
            raise dbus.DBusException(f'no {prop} of {interface}')
        self.reads += 1
        return self.value

    @dbus.service.signal(PROPERTIES, signature='sa{sv}as')
    def PropertiesChanged(self, interface, changed, invalidated):
        pass

    def set(self, value):
        self.value = value
        self.reads = 0
        self.PropertiesChanged(self.service, {self.prop: value}, [])


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SystemBus()
    power = Service(bus, 'org.freedesktop.UPower', 'OnBattery', dbus.Boolean(False))
    network = Service(bus, 'org.freedesktop.NetworkManager', 'Metered', dbus.UInt32(2))
    serve(
        {
            'battery': lambda on: power.set(dbus.Boolean(on)),
            # As NetworkManager numbers them: 1 is yes, 4 a guess that says no.
            'metered': lambda on: network.set(dbus.UInt32(1 if on else 4)),
            'battery_reads': lambda: power.reads,
        }
    )


main()
