/** What the system calls an error of its own, `ENOENT` say; null for any other, which is a bug. */
export const systemCode = (error: unknown): string | null =>
  error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null
