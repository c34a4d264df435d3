// Part of undici by file: its index loads fetch, WebSocket, caches and mocks, which costs every start 40 ms.
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici';
  export default Agent;
}
