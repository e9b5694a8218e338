import type { Page } from '@playwright/test'

/** One running program, as both launchers give it. */
export type Running = {
  page: Page
  output(): string
  openedLinks(): Promise<string[]>
  clipboard(): Promise<string>
  /** The system's notifications that were shown, in order; one is clicked by its place. */
  notifications(): Promise<{ title: string; body: string }[]>
  clickNotification(place: number): Promise<void>
  close(): Promise<void>
  kill(): Promise<void>
}
