// Parts of undici by file: its index loads fetch, WebSocket, caches and mocks, which costs every start 40 ms.
declare module 'undici/lib/dispatcher/client.js' {
  import { Client } from 'undici';
  export default Client;
}
declare module 'undici/lib/core/connect.js' {
  import { buildConnector } from 'undici';
  export default buildConnector;
}
