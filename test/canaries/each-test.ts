import './watch.ts'
import { afterEach, beforeEach } from 'vitest'
import { betweenTests } from '../fakes/planted.ts'

beforeEach(() => betweenTests(true))
// What a test left behind is searched after this.
afterEach(() => betweenTests(false))
