export const kubernetesVersion: string;
export const etcdVersion: string;
export const stagingVersion: string;
export const programs: Record<string, string>;
export function programsFolder(environment?: NodeJS.ProcessEnv): string;
export function missingPrograms(folder?: string, wanted?: readonly string[]): string[];
