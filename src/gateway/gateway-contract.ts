/** What a gateway takes, and the limits that it sets. */

/** Its two doors. */
export const gatewayPaths = {
  alert: '/api/v1/signals/prometheus',
  event: '/api/v1/signals/kubernetes-event',
} as const;

/** By which door a body goes. */
export type GatewayDoor = keyof typeof gatewayPaths;

/** The largest bodies that it reads, in bytes of UTF-8. */
export const gatewayLimitBytes: Readonly<Record<GatewayDoor, number>> = { alert: 102_400, event: 262_144 };

/** The one 429 of which it is certain that nothing was taken: its own, before anybody has looked at the request. */
export const overloadedText = 'Server capacity exceeded.';

/** How far an X-Timestamp may be from its clock, in seconds. */
export const timestampWindowSeconds = { behind: 300, ahead: 120 } as const;

/** What a token has to be allowed to do, by itself: groups of its user do not count. */
export const gatewayPermission = {
  verb: 'create',
  resource: 'services',
  name: 'gateway-service',
} as const;
