/** `remedyctl/store`: a Kubernetes API in a directory, in this process and without a server (docs/embedded-store.md). */
export * from '../store/embedded-store.ts';
export type { ApiRequest, ApiResponse, Send } from '../api/wire.ts';
