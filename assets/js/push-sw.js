// Shows what the server pushes, and opens its page. It keeps nothing and reads nothing else.
self.addEventListener("push", (event) => {
  const { title, body, path, tag } = event.data.json();
  const icon = "/static/dist/images/icon-192.png";
  event.waitUntil(self.registration.showNotification(title, { body, tag, icon, badge: icon, data: { path } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data.path, self.location.origin).href;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((windows) => {
      const open = windows.find((client) => client.url === address);
      return open ? open.focus() : self.clients.openWindow(address);
    }),
  );
});
