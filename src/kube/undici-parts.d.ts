// Parts of undici by file: its index loads fetch, WebSocket, caches and mocks, which costs every start 40 ms.
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  export default Pool;
}
