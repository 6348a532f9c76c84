"""A desktop's notifications for tests: shows nothing, but keeps what it was given, and clicks on it when asked."""

import dbus
import dbus.mainloop.glib
import dbus.service

from bus_host import serve

NOTIFICATIONS = 'org.freedesktop.Notifications'


class Server(dbus.service.Object):
    def __init__(self, bus):
        super().__init__(bus, '/org/freedesktop/Notifications')
        self.shown = []

    @dbus.service.method(NOTIFICATIONS, out_signature='as')
    def GetCapabilities(self):
        return ['actions', 'body', 'body-markup', 'persistence']

    @dbus.service.method(NOTIFICATIONS, out_signature='ssss')
    def GetServerInformation(self):
        return ('test', 'test', '1.0', '1.2')

    @dbus.service.method(NOTIFICATIONS, in_signature='susssasa{sv}i', out_signature='u')
    def Notify(self, _app, replaces, _icon, title, body, actions, _hints, _timeout):
        number = int(replaces) or len(self.shown) + 1
        self.shown.append(
            {'id': number, 'title': str(title), 'body': str(body), 'actions': [str(part) for part in actions[::2]]}
        )
        return dbus.UInt32(number)

    @dbus.service.method(NOTIFICATIONS, in_signature='u')
    def CloseNotification(self, number):
        self.NotificationClosed(number, dbus.UInt32(3))

    @dbus.service.signal(NOTIFICATIONS, signature='uu')
    def NotificationClosed(self, number, reason):
        pass

    @dbus.service.signal(NOTIFICATIONS, signature='us')
    def ActionInvoked(self, number, action):
        pass

    def click(self):
        """On the one that came last, beside any button it has."""
        if not self.shown:
            raise LookupError('there is no notification')
        self.ActionInvoked(dbus.UInt32(self.shown[-1]['id']), 'default')


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    # Kept, or the name would be given back.
    name = dbus.service.BusName(NOTIFICATIONS, dbus.SessionBus(), do_not_queue=True)
    server = Server(name.get_bus())
    serve({'shown': lambda: server.shown, 'click': server.click})


main()
