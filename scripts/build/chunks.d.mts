import type { BuildOptions, BuildResult } from 'esbuild';

export const root: string;
export const outdir: string;
export const common: BuildOptions;
export const thread: string;
export const libraryEntries: Readonly<Record<string, string>>;
export const allEntries: Readonly<Record<string, string>>;
export function buildChunks(
  entryPoints: Readonly<Record<string, string>>,
): Promise<BuildResult<{ metafile: true; write: false }>>;
