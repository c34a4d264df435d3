import type { Send } from '../api/wire.ts';

/** A Send that reports each request just before it goes out, whatever becomes of it. */
export function countedSend(send: Send, onRequest: () => void): Send {
  return (request) => {
    onRequest();
    return send(request);
  };
}
